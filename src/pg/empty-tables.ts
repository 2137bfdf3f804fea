import { ident } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import { NOT_EXTENSION, NOT_LEDGER } from "../kinds/kind.ts"

/** A table that may be emptied. */
export interface FullTable {
  readonly oid: string
  readonly schema: string
  readonly name: string
  readonly partitioned: boolean
}

const nameOf = ({ schema, name }: Pick<FullTable, "schema" | "name">): string => `${ident(schema)}.${ident(name)}`

/** The tables of these schemas, by name: no partitions (they go with their table), none of nself's own and none of an extension. */
export async function tablesOf(session: Session, schemas: readonly string[]): Promise<readonly FullTable[]> {
  return session.query<FullTable & Record<string, unknown>>(`
    select c.oid::int8::text as oid, n.nspname::text as schema, c.relname::text as name, c.relkind = 'p' as partitioned
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname::text in (select json_array_elements_text($1::json)) and c.relkind in ('r', 'p') and not c.relispartition
      and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")} order by 2, 3`, [JSON.stringify(schemas)])
}

export interface Reference {
  /** `app.np_orders`. */
  readonly from: string
  /** The foreign key's name. */
  readonly key: string
  /** What it refers to. */
  readonly to: string
}

/** Foreign keys of other tables that lead to these or to their partitions; PostgreSQL empties none of these while they are there. */
export async function referencesTo(session: Session, tables: readonly FullTable[]): Promise<readonly Reference[]> {
  return session.query<Reference & Record<string, unknown>>(`
    with wanted as (select t.oid::oid from json_array_elements_text($1::json) t(oid)), whole as (select oid from wanted union select p.relid from wanted w, pg_partition_tree(w.oid) p)
    select distinct k.conrelid::regclass::text as from, k.conname::text as key, k.confrelid::regclass::text as to from pg_catalog.pg_constraint k
    where k.contype = 'f' and k.conparentid = 0 and k.confrelid in (select oid from whole) and k.conrelid not in (select oid from whole) order by 1, 2`, [JSON.stringify(tables.map(table => table.oid))])
}

/** How many rows each of these has; in their order. */
export async function rowCounts(session: Session, tables: readonly FullTable[]): Promise<readonly number[]> {
  if (tables.length === 0) return []
  const counts = await session.query<{ n: string }>(tables.map((table, i) => `select ${i} as i, count(*)::text as n from ${onlyOf(table)}`).join(" union all ") + " order by i")
  return counts.map(({ n }) => Number(n))
}

/** TRUNCATE for all of these at once; their sequences begin anew. Tables that inherit from one of them are left alone unless they are here themselves. */
export const truncateSql = (tables: readonly FullTable[]): string => `truncate ${tables.map(onlyOf).join(", ")} restart identity restrict`

const onlyOf = (table: FullTable): string => (table.partitioned ? nameOf(table) : `only ${nameOf(table)}`)
