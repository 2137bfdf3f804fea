import type { Session } from "../../core/types.ts"
import { MAY_THINK } from "../session-state.ts"
import { LINES, SCHEMAS } from "./shape-lines.ts"

/** Schemas looked at in one statement. What is in them is looked up, so it costs the same in few statements or in many; more would not fit into `MEMORY`. */
const BATCH = 500
/** What such a statement sorts and keeps, so that it does not go through files. */
const MEMORY = "32MB"

/**
 * One value per schema that is the same where the schemas hold the same objects: a fingerprint of the catalog as the server prints it, with the
 * schema's own name taken out. Members of extensions and nself's own tables are not in it.
 */
export async function fingerprints(session: Asked, schemas: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found: Print[] = []
  for (const batch of batches(schemas)) found.push(...await plainly(session, () => session.query<Print>(PRINTS, [batch])))
  return new Map(found.map(({ schema, print }) => [schema, print]))
}

type Asked = Pick<Session, "query" | "script">
interface Print { readonly schema: string; readonly print: string }

/** Lists of names as JSON. */
const batches = (schemas: readonly string[]): readonly string[] =>
  Array.from({ length: Math.ceil(schemas.length / BATCH) }, (_, i) => JSON.stringify(schemas.slice(i * BATCH, (i + 1) * BATCH)))

/** Every name is printed with its schema while `work` runs, whatever the role's `search_path` is. */
async function plainly<T>(session: Asked, work: () => Promise<T>): Promise<T> {
  await session.script(`begin isolation level read committed read only; ${MAY_THINK}; set local search_path = ''; set local jit = off; set local work_mem = '${MEMORY}'`) // compiling takes longer than running
  try {
    return await work()
  } finally {
    await session.script("rollback").catch(() => {})
  }
}

const PRINTS_OF = (lines: string, schemas: string): string => `
  select s.nspname::text as schema, encode(sha256(convert_to(coalesce(string_agg(l.line, E'\\n' order by l.line collate "C"), ''), 'UTF8')), 'hex') as print
  from (${schemas}) s left join (select oid, kind || ' ' || key || ' ' || definition as line from (${lines}) x) l on l.oid = s.oid group by s.nspname`

const PRINTS = PRINTS_OF(LINES, SCHEMAS)
