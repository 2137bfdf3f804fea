import type { Check } from "../../core/health/check.ts"
import type { EnvironmentFacts } from "../../core/health/project.ts"
import type { Database } from "../../core/types.ts"
import { closeFiles, ignore } from "../../files/env-secrecy.ts"
import { withSession } from "../database.ts"
import { refuseUnsaidProd, type Setup } from "../setup.ts"

/** Does what is safe about the files of the environment: rights and `.gitignore`. Returns what was done. */
export async function fixEnvironment({ root }: Setup, { readable, tracked }: EnvironmentFacts): Promise<readonly string[]> {
  if (tracked.length > 0) await ignore(root, tracked)
  if (readable.length > 0) await closeFiles(root, readable)
  return [...(tracked.length > 0 ? [`${tracked.join(", ")} added to .gitignore`] : []), ...(readable.length > 0 ? [`chmod 600 ${readable.join(" ")}`] : [])]
}

/** Mends INVALID indexes that nobody builds. One statement each, outside of a transaction; nobody who uses the tables is held up. */
export async function fixIndexes(setup: Setup, database: Database): Promise<readonly string[]> {
  refuseUnsaidProd(setup, "doctor --fix")
  const { invalidIndexes } = await import("../../pg/health.ts")
  const { mendIndex } = await import("../../pg/mend-index.ts")
  return withSession(database, async session => {
    const done: string[] = []
    for (const index of await invalidIndexes(session)) if (!index.building) done.push(await mendIndex(session, index))
    return done
  })
}

/** The check as it is after the mending, with what was done. */
export function fixed(after: Check, done: readonly string[]): Check {
  return { ...after, details: [...done.map(what => `fixed: ${what}`), ...after.details], fixed: done.length > 0 }
}
