import type { QualifiedName } from "../core/subject.ts"
import type { Session } from "../core/types.ts"

/** From here on a plain CREATE INDEX holds up writers for so long that somebody notices. Rows. */
export const BIG_TABLE_ROWS = 1_000_000
/** The same for a table that was never analysed, so that nobody knows its rows. Bytes. */
const BIG_TABLE_BYTES = 128 * 1024 * 1024

/** About how many rows a big table has; `null`: it is not big, or not there. Partitions count together. */
export async function bigTableRows(session: Session, home: string, { schema, name }: QualifiedName): Promise<number | null> {
  const [row] = await session.query<{ rows: number; bytes: number }>(`
    with wanted as (select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2),
      parts as (select relid as oid from wanted, pg_partition_tree(wanted.oid) where isleaf union select oid from wanted)
    select coalesce(sum(greatest(c.reltuples, 0)) filter (where c.relkind <> 'p'), 0)::float8 as rows,
      coalesce(sum(pg_relation_size(c.oid)) filter (where c.reltuples < 0 and c.relkind <> 'p'), 0)::float8 as bytes
    from parts join pg_catalog.pg_class c using (oid)`, [schema ?? home, name])
  const { rows, bytes } = row ?? { rows: 0, bytes: 0 }
  if (Number(rows) > BIG_TABLE_ROWS) return Number(rows)
  return Number(bytes) > BIG_TABLE_BYTES ? Math.round(Number(bytes) / 100) : null
}

/** The same in many schemas at once, for a name without a schema: those where the table is big, and about how many rows it has there, most first. */
export async function bigTablesIn(session: Session, schemas: readonly string[], table: string): Promise<readonly { readonly schema: string; readonly rows: number }[]> {
  const found = await session.query<{ schema: string; rows: number; bytes: number }>(`
    select w.name as schema, s.rows, s.bytes
    from json_array_elements_text($1::json) w(name), lateral (select to_regclass(quote_ident(w.name) || '.' || quote_ident($2)) as oid) t, lateral (
      select coalesce(sum(greatest(c.reltuples, 0)) filter (where c.relkind <> 'p'), 0)::float8 as rows,
        coalesce(sum(pg_relation_size(c.oid)) filter (where c.reltuples < 0 and c.relkind <> 'p'), 0)::float8 as bytes
      from (select relid as oid from pg_partition_tree(t.oid) where isleaf union select t.oid) p join pg_catalog.pg_class c on c.oid = p.oid) s
    where t.oid is not null and (s.rows > ${BIG_TABLE_ROWS} or s.bytes > ${BIG_TABLE_BYTES})`, [JSON.stringify(schemas), table])
  return found.map(({ schema, rows, bytes }) => ({ schema, rows: rows > BIG_TABLE_ROWS ? rows : Math.round(bytes / 100) })).toSorted((a, b) => b.rows - a.rows)
}
