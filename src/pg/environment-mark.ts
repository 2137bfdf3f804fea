import metaSql from "../../migrations/0002_np_migrations_meta.sql" with { type: "text" }
import type { Claim, EnvironmentMark } from "../core/environment-mark.ts"
import { ident } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import { ensureTable, hasTable } from "./books.ts"

const TABLE = "np_migrations_meta"
const nameIn = (schema: string): string => `${ident(schema)}.${ident(TABLE)}`

/** The database's mark, or `null` where there is none yet. */
export async function readMark(session: Session, schema: string): Promise<EnvironmentMark | null> {
  return (await hasTable(session, schema, TABLE)) ? await markRow(session, schema) : null
}

/**
 * Writes the mark where there is none, and returns the one that holds. Any number may call this at once: the first one's stays. The id of a project
 * that is known by its ledger is brought forward.
 */
export async function ensureMark(session: Session, schema: string, claim: Claim): Promise<EnvironmentMark> {
  await ensureTable(session, schema, TABLE, metaSql)
  const { environment, project } = claim
  const written = await markRow(session, schema)
  if (written?.environment === environment && written.projectId === (project?.id ?? null)) return written
  if (!written) {
    await session.query(`insert into ${nameIn(schema)} (environment, project_id, project_name) values ($1, $2, $3) on conflict do nothing`,
      [environment, project?.id ?? null, project?.name ?? null])
  } else if (project && (claim.related || !written.projectId)) {
    await session.query(`update ${nameIn(schema)} set project_id = $1, project_name = $2 where environment = $3`, [project.id, project.name, environment])
  }
  return (await markRow(session, schema))!
}

/** Gives the database another mark, because it has become another one. Returns the old one. */
export async function replaceMark(session: Session, schema: string, { environment, project }: Claim): Promise<EnvironmentMark | null> {
  const before = await readMark(session, schema)
  await ensureTable(session, schema, TABLE, metaSql)
  await session.query(`
    insert into ${nameIn(schema)} (environment, project_id, project_name) values ($1, $2, $3)
    on conflict (only_row) do update set environment = excluded.environment, project_id = excluded.project_id, project_name = excluded.project_name,
      marked_at = excluded.marked_at, marked_by = excluded.marked_by`, [environment, project?.id ?? null, project?.name ?? null])
  return before
}

async function markRow(session: Session, schema: string): Promise<EnvironmentMark | null> {
  const [row] = await session.query<{ environment: string; id: string | null; name: string | null; at: number }>(`
    select environment, project_id as id, project_name as name, (extract(epoch from marked_at) * 1000)::float8 as at from ${nameIn(schema)}`)
  return row ? { environment: row.environment, projectId: row.id, projectName: row.name, markedAt: new Date(Number(row.at)) } : null
}
