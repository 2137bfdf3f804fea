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
