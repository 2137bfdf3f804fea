import { ident } from "../core/ident.ts"
import type { Statement } from "../core/statements.ts"
import type { Session } from "../core/types.ts"

type Index = NonNullable<Statement["index"]>

/** CREATE INDEX CONCURRENTLY waits for old transactions without holding up anybody, so it may wait long; a time-out would leave an INVALID index. */
export const LONG_LOCK_TIMEOUT = "15min"

/** What is there under this name: nothing, a good index, one that a broken build left, or one that a living session builds right now. */
export async function indexState(session: Session, home: string, index: Index): Promise<"absent" | "valid" | "invalid" | "building"> {
  const rows = await session.query<{ valid: boolean; building: boolean }>(`
    select i.indisvalid as valid, exists (select from pg_catalog.pg_stat_progress_create_index p where p.index_relid = c.oid and p.pid <> pg_backend_pid()) as building
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2`, [index.schema ?? home, index.name])
  const row = rows[0]
  if (!row) return "absent"
  return row.building ? "building" : row.valid ? "valid" : "invalid"
}

/** Drops what a broken build left. A valid index of that name is not touched: the catalog is asked once more. */
export async function dropInvalid(session: Session, home: string, index: Index): Promise<void> {
  if ((await indexState(session, home, index)) !== "invalid") return
  await session.script(`drop index concurrently if exists ${ident(index.schema ?? home)}.${ident(index.name)}`)
}
