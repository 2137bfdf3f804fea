import { join } from "node:path"
import type { Launch } from "../../src/drizzle/load.ts"

/** Starts this room's own entry in place of the binary. `env` is all the child gets, but for the path it needs to run at all. */
export function launch(env: Record<string, string> = {}): Launch {
  return { self: [process.execPath, join(import.meta.dir, "child-entry.ts")], env: { PATH: process.env["PATH"], ...env }, signal: new AbortController().signal }
}
