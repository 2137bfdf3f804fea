import type { SQL } from "drizzle-orm"
import type { PgMaterializedView, PgView } from "drizzle-orm/pg-core"
import { withDdl } from "./declare-index.ts"
import type { Writer } from "./writer.ts"

interface ViewParts {
  readonly name: string
  readonly schema: string | undefined
  readonly query: SQL | undefined
  readonly isExisting: boolean
  readonly with?: Record<string, unknown>
  readonly using?: string
  readonly tablespace?: string
  readonly withNoData?: boolean
}

/** What a view is called; `null` where it exists already and is not ours to make. */
export function viewParts(w: Writer, view: PgView): ViewParts | null {
  const parts = w.orm.pg.getViewConfig(view) as unknown as ViewParts
  return parts.isExisting || !parts.query ? null : parts
}

/** As `viewParts`, for a materialized one. */
export function materializedViewParts(w: Writer, view: PgMaterializedView): ViewParts | null {
  const parts = w.orm.pg.getMaterializedViewConfig(view) as unknown as ViewParts
  return parts.isExisting || !parts.query ? null : parts
}

/** `CREATE VIEW … WITH (security_invoker='true') AS …;` */
export function viewDdl(w: Writer, parts: ViewParts): string {
  return words(["CREATE VIEW", w.names.full(parts.schema, parts.name), withDdl(parts.with), "AS", query(w, parts)])
}

/** `CREATE MATERIALIZED VIEW … USING … WITH (…) TABLESPACE … AS … WITH NO DATA;` */
export function materializedViewDdl(w: Writer, parts: ViewParts): string {
  return words([
    "CREATE MATERIALIZED VIEW", w.names.full(parts.schema, parts.name),
    parts.using ? `USING ${w.names.quote(parts.using)}` : "",
    withDdl(parts.with),
    parts.tablespace ? `TABLESPACE ${w.names.quote(parts.tablespace)}` : "",
    "AS", query(w, parts),
    parts.withNoData ? "WITH NO DATA" : "",
  ])
}

function query(w: Writer, parts: ViewParts): string {
  return w.sql(parts.query!, "qualified").replace(/;\s*$/, "")
}

function words(list: readonly string[]): string {
  return list.filter(word => word !== "").join(" ") + ";"
}
