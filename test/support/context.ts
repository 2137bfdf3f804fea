import { join } from "node:path"
import type { Ask, Context } from "../../src/core/context.ts"

/** What `main.ts` would make of a process that stands in `dir`, with a terminal where somebody answers. */
export function contextAt(dir: string, env: Readonly<Record<string, string>>, ask: Ask | null): Context {
  return {
    cwd: dir, env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", ...env }, version: "0.0.0", self: [process.execPath, join(import.meta.dir, "../../src/main.ts")],
    now: () => new Date(), uuid: () => crypto.randomUUID(), talk: () => {}, ask, signal: new AbortController().signal,
  }
}
