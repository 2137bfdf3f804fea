import seedsSql from "../../migrations/0004_np_seeds.sql" with { type: "text" }
import { ident } from "../core/ident.ts"
import type { SeedRecord } from "../core/seed.ts"
import type { Session, SqlFile } from "../core/types.ts"
import { ensureTable, hasTable } from "./books.ts"

const TABLE = "np_seeds"
const nameIn = (schema: string): string => `${ident(schema)}.${ident(TABLE)}`

/** Creates the table of seeds where it is missing. Any number may call this at once. */
export async function ensureSeeds(session: Session, schema: string): Promise<void> {
  await ensureTable(session, schema, TABLE, seedsSql)
}

/** What ran here, by path; empty where nothing did. */
export async function readSeeds(session: Session, schema: string): Promise<ReadonlyMap<string, SeedRecord>> {
  if (!(await hasTable(session, schema, TABLE))) return new Map()
  const rows = await session.query<{ path: string; sha256: string; at: number }>(
    `select file as path, checksum as sha256, (extract(epoch from ran_at) * 1000)::float8 as at from ${nameIn(schema)}`)
  return new Map(rows.map(row => [row.path, { path: row.path, sha256: row.sha256, at: new Date(Number(row.at)) }]))
}

export interface SeedRun {
  readonly schema: string
  /** Behind `schema` in `search_path`; `null`: nothing is. */
  readonly extensionSchema: string | null
  readonly env: string
  /** A uuid. */
  readonly runId: string
  readonly version: string
}

/** Writes down that a seed ran; inside of a transaction it commits with its rows. The table must exist. */
export async function recordSeed(session: Session, { schema, env, runId, version }: SeedRun, { path, sha256 }: Pick<SqlFile, "path" | "sha256">, durationMs: number): Promise<void> {
  await session.query(`
    insert into ${nameIn(schema)} as seen (file, checksum, environment, duration_ms, run_id, nself_version) values ($1, $2, $3, $4, $5, $6)
    on conflict (file) do update set checksum = excluded.checksum, ran_at = excluded.ran_at, ran_by = excluded.ran_by, environment = excluded.environment,
      runs = seen.runs + 1, duration_ms = excluded.duration_ms, run_id = excluded.run_id, nself_version = excluded.nself_version`,
    [path, sha256, env, Math.round(durationMs), runId, version])
}

/** More rows than this are not counted: it would take longer than the seed. */
const MOST_ROWS = 1_000_000

/** How many rows each table of a schema has, nself's own and very large ones left out. */
export async function countRows(session: Session, schema: string): Promise<ReadonlyMap<string, number>> {
  const tables = await session.query<{ name: string }>(`
    select c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition and c.relname !~ '^np_(migrations(_|$)|seeds$)' and c.reltuples < ${MOST_ROWS} order by 1`, [schema])
  if (tables.length === 0) return new Map()
  const counts = await session.query<{ n: string }>(tables.map(({ name }, i) => `select ${i} as i, count(*)::text as n from ${ident(schema)}.${ident(name)}`).join(" union all ") + " order by i")
  return new Map(tables.map(({ name }, i) => [name, Number(counts[i]!.n)]))
}
