/** What PostgreSQL itself takes for the proof of a first migration: the floor of `generate`, whatever engine it carries. */
import { EMPTY } from "../../src/core/catalog.ts"
import { loadDeclared } from "../../src/drizzle/load.ts"
import { ddl } from "../../src/kinds/ddl.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { joined } from "../../src/kinds/together.ts"
import { open } from "../../test/support/migrating.ts"
import { startServer } from "../../test/support/server.ts"

/**
 * Milliseconds of server 18 (nothing kept for a crash, a warm cache) for the declared SQL, up and down, each read back: no boot, no schema loaded, nothing compared or written.
 *
 * @param dir  a project of `benchProject`
 * @returns the best of `runs`
 */
export async function proofFloor(dir: string, runs: number): Promise<number> {
  const { statements } = await loadDeclared({ root: dir, configPath: `${dir}/drizzle.config.json`, patterns: ["./src/db/schema/*.ts"], out: "./migrations" }, {
    self: [process.execPath, new URL("../../src/main.ts", import.meta.url).pathname], env: process.env, signal: new AbortController().signal,
  })
  const server = await startServer(18)
  const times: number[] = []
  for (let i = 0; i < runs; i++) times.push(await once(await server.database(), statements))
  await server.stop()
  return Math.min(...times)
}

async function once(url: string, statements: readonly string[]): Promise<number> {
  const database = await open(url)
  const session = await database.session()
  let waited = 0
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    try {
      return await work()
    } finally {
      waited += performance.now() - started
    }
  }
  const both = async (texts: readonly string[], end: string) => timed(async () => {
    await session.script("begin")
    await session.script(joined(texts))
    const catalog = await inspect(session.query)
    await session.script(end)
    return catalog
  })
  const want = await both(statements, "rollback")
  await both(ddl(want, EMPTY), "commit")
  await both(ddl(EMPTY, want), "commit")
  await database.close()
  return waited
}
