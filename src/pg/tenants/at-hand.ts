import { createHash } from "node:crypto"
import type { Session } from "../../core/types.ts"
import { mayBePooled } from "../pooled.ts"
import { hasCode } from "../pg-error.ts"

/** A statement that is the same for all tenants but for the schema's name. `schema`: SQL of it. */
export type Saying = (schema: string) => string

/** How often a session was about to say something, and the short word it has for it. */
interface Known {
  said: number
  short: Saying | null
}

const hands = new WeakMap<Session, Map<Saying, Known>>()

/**
 * What a session says at every tenant, kept ready by the server from the second time on: it reads and plans it once, and not ten thousand times, which is two thirds of
 * what such a statement costs. Behind a pooler it is said in full, because the next transaction may be another server process's.
 *
 * @param saying  always the same value for the same text
 */
export async function atHand(session: Session, saying: Saying): Promise<Saying> {
  if (session.engine.startsWith("embedded") || mayBePooled(session)) return saying
  const known = knownIn(session, saying)
  if (++known.said === 2) known.short = await prepare(session, saying("$1"))
  return known.short ?? saying
}

function knownIn(session: Session, saying: Saying): Known {
  const all = hands.getOrInsertComputed(session, () => new Map<Saying, Known>())
  return all.getOrInsertComputed(saying, () => ({ said: 0, short: null }))
}

/** Under a name that only this text has: whoever finds it there already finds the same. */
async function prepare(session: Session, text: string): Promise<Saying> {
  const name = `nself_${createHash("sha256").update(text, "utf8").digest("hex").slice(0, 32)}`
  await session.script(`prepare ${name}(text) as ${text}`).catch((error: unknown) => {
    if (!hasCode(error, "42P05")) throw error
  })
  return schema => `execute ${name}(${schema})`
}

/** The server no longer has it ready (SQLSTATE 26000): a pooler that nobody can see. From now on this session says it in full. */
export function unlearn(session: Session, saying: Saying): void {
  knownIn(session, saying).short = null
}

/** The server has nothing ready any more: after `DISCARD ALL`. */
export function letGo(session: Session): void {
  hands.delete(session)
}
