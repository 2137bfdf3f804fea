import { heard } from "../core/heard.ts"
import type { Session } from "../core/types.ts"
import { boot, prepareBoot } from "./boot.ts"
import { shadowTrace } from "./listener.ts"
import { installPlatform } from "./platform.ts"
import { sessionOf } from "./session.ts"
import { addStandIns, type StandInScript } from "./stand-ins.ts"
import { shadowImage } from "./template.ts"

/**
 * A fresh, empty PostgreSQL that lives in memory until `close()`.
 *
 * @param options.standIns  scripts under the names of extensions that nself does not carry
 */
export async function openShadow({ standIns = [] }: { readonly standIns?: readonly StandInScript[] } = {}): Promise<Session> {
  const pglite = await boot({ image: shadowImage() })
  addStandIns(pglite, standIns)
  await installPlatform(pglite)
  const [session, trace] = [await sessionOf(pglite, forgotten), shadowTrace()]
  return trace ? heard(session, trace) : session
}

/** Nothing of a shadow outlives the last who holds it: to roll back, write and unlink what is only in memory would take as long as a schema takes to drop. */
const forgotten = async (): Promise<void> => {}

/** To be called where a shadow will be opened, but not yet. */
export function prepareShadow(): void {
  prepareBoot()
  shadowImage().catch(() => {}) // opening one says it
}
