import { isLeftover, type InvalidIndex } from "../core/health/objects.ts"
import { ident } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import { LONG_LOCK_TIMEOUT } from "./index-state.ts"

/** Rebuilds an INVALID index, or drops it where a broken REINDEX left it; nobody who reads or writes its table is held up. Returns the statement. */
export async function mendIndex(session: Session, index: InvalidIndex): Promise<string> {
  const name = `${ident(index.schema)}.${ident(index.name)}`
  const statement = isLeftover(index) ? `DROP INDEX CONCURRENTLY IF EXISTS ${name}` : `REINDEX INDEX CONCURRENTLY ${name}`
  await session.script(`set lock_timeout = '${LONG_LOCK_TIMEOUT}'`)
  await session.script(statement)
  return statement
}
