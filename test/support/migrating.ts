/** What the tests of `src/pg` share: databases opened on real servers, migrations made from text. */
import { Client } from "pg"
import type { Applied, Database, Migration, SqlFile } from "../../src/core/types.ts"
import { ensureLedger } from "../../src/pg/ledger.ts"
import { openServer } from "../../src/pg/server.ts"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import type { Step } from "../../src/pg/step.ts"

/** Opens the URL as nself does. */
export function open(url: string): Promise<Database> {
  return openServer(settingsFrom({ url, env: {} })!, { version: "0.0.0", runId: crypto.randomUUID() })
}

/** A database with a ledger in `public`. */
export async function opened(url: string): Promise<Database> {
  const database = await open(url)
  const session = await database.session()
  await ensureLedger(session, "public")
  await session.close()
  return database
}

export function migration(seq: number, up: string, down: string | null = null): Migration {
  const name = `${String(seq).padStart(4, "0")}_test`
  const file = (path: string, text: string): SqlFile => ({ path, text, sha256: new Bun.CryptoHasher("sha256").update(text).digest("hex") })
  return { seq, name, up: file(`migrations/${name}.sql`, up), down: down === null ? null : file(`migrations/${name}.down.sql`, down) }
}

export function step(given: Migration, more: Partial<Step> = {}): Step {
  const direction = more.direction ?? "up"
  return {
    direction, migration: given, schema: "public", runId: crypto.randomUUID(), version: "0.0.0",
    expect: ledger => (isApplied(ledger, given) === (direction === "up") ? "already" : "apply"), ...more,
  }
}

const isApplied = (ledger: readonly Applied[], { seq }: Migration): boolean => ledger.some(row => row.seq === seq && row.state === "applied")

/** The rows of one statement, over a connection of its own. */
export async function ask<R>(url: string, sql: string): Promise<readonly R[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(sql).finally(() => client.end())
  return rows as R[]
}

/** Polls until `done` gives something, at most 20 s. */
export async function eventually<T>(done: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end; await Bun.sleep(20)) {
    const found = await done()
    if (found) return found
  }
  throw new Error("it did not happen within 20 s")
}
