import { ident } from "../core/ident.ts"
import type { Loss } from "../core/losses.ts"
import type { QualifiedName } from "../core/subject.ts"
import type { Session } from "../core/types.ts"

/** A loss with what stands there now; what is not there loses nothing. */
export interface CountedLoss {
  /** `table np_documents`, `column np_users.email`. */
  readonly what: string
  readonly count: number
  /** The planner's estimate: counting would have read too much. */
  readonly estimated: boolean
  readonly unit: "row" | "value"
}

/** Larger tables are not counted. Rows, by the planner's estimate. */
const COUNT_UP_TO = 2_000_000

/** Counts what would be lost, in tables that are there. `home`: where a name without a schema is. */
export async function countLosses(session: Session, home: string, losses: readonly Loss[]): Promise<readonly CountedLoss[]> {
  const tables = (await Promise.all(losses.map(loss => (loss.kind === "schema" ? tablesIn(session, loss.name) : [loss])))).flat()
  const counted: CountedLoss[] = []
  for (const loss of tables) {
    const one = await counts(session, home, loss)
    if (one && !counted.some(({ what }) => what === one.what)) counted.push(one)
  }
  return counted
}

type TableLoss = Exclude<Loss, { kind: "schema" }>

async function tablesIn(session: Session, schema: string): Promise<readonly TableLoss[]> {
  const rows = await session.query<{ name: string }>("select c.relname::text as name from pg_catalog.pg_class c where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p') order by 1", [schema])
  return rows.map(({ name }) => ({ kind: "table", table: { schema, name } }))
}

async function counts(session: Session, home: string, loss: TableLoss): Promise<CountedLoss | null> {
  const schema = loss.table.schema ?? home
  const estimate = await rowEstimate(session, schema, loss.table)
  if (estimate === null) return null
  const shown = [loss.table.schema === home ? null : loss.table.schema, loss.table.name].filter(Boolean).join(".")
  const what = loss.kind === "column" ? `column ${shown}.${loss.column}` : loss.kind === "rows" ? `rows of ${shown}` : `table ${shown}`
  const unit = loss.kind === "column" ? "value" : "row"
  if (estimate > COUNT_UP_TO) return { what, count: estimate, estimated: true, unit }
  const counting = loss.kind === "column" ? `count(${ident(loss.column)})` : "count(*)"
  const rows = await session.query<{ n: number }>(`select ${counting}::float8 as n from ${ident(schema)}.${ident(loss.table.name)}`).catch(() => null) // no such column, no right to read
  return rows === null ? { what, count: estimate, estimated: true, unit } : { what, count: Number(rows[0]!.n), estimated: false, unit }
}

async function rowEstimate(session: Session, schema: string, { name }: QualifiedName): Promise<number | null> {
  const [row] = await session.query<{ n: number }>(`
    select greatest(c.reltuples, 0)::float8 as n from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`, [schema, name])
  return row ? Number(row.n) : null
}
