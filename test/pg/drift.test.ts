import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Client } from "pg"
import type { Catalog, Drift } from "../../src/core/catalog.ts"
import { readConfig } from "../../src/files/config.ts"
import { driftOf } from "../../src/flows/drift/diff.ts"
import { replay } from "../../src/flows/history/replay.ts"
import { writers } from "../../src/kinds/all.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { openShadow } from "../../src/shadow/shadow.ts"
import { migration } from "../support/migrating.ts"
import { queryOf } from "../support/query.ts"
import { reusedShadows } from "../support/shadows.ts"
import { startServer, type Major } from "../support/server.ts"
import { CHANGES } from "./drift/changes.ts"

const base = await Bun.file(`${import.meta.dir}/drift/base.sql`).text()
const setup = { config: await readConfig(import.meta.dir, { execute: false }) }
const shadows = reusedShadows()
let history: Catalog

beforeAll(async () => {
  const shadow = await openShadow()
  await replay(shadow, [migration(1, base)])
  history = await inspect(shadow.query)
  await shadow.close()
}, 60_000)
afterAll(() => shadows.close())

test("every kind that nself writes is changed by hand at least once, and what has more than a name is changed in place", () => {
  const reported = new Set(CHANGES.flatMap(change => change.reports))
  const kinds = (states: string) => Object.keys(writers).filter(kind => [...reported].some(line => new RegExp(`^(?:${states}) ${kind} `).test(line)))
  expect(Object.keys(writers).filter(kind => !kinds("missing|extra|changed").includes(kind))).toEqual([])
  expect(Object.keys(writers).filter(kind => !kinds("changed").includes(kind))).toEqual(NAME_ONLY)
})

/** Kinds that are there or not; of an extension the version is asked where two databases are compared (below). */
const NAME_ONLY = ["role", "schema", "extension", "inheritance", "sequence owner"]

describe.each([14, 17] as const)("on PostgreSQL %d", major => {
  let live: Client
  beforeAll(async () => {
    live = new Client({ connectionString: await (await startServer(major as Major)).database() })
    await live.connect()
    await live.query(ROLES.map(role => `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`).join(";"))
    await start(live)
  }, 60_000)
  afterAll(() => live.end())

  test("no drift before anybody touched it, though two versions print it", async () => {
    expect(lines((await driftNow(live)).drift)).toEqual([])
  }, 60_000)

  test.each(CHANGES.filter(({ since = 0 }) => major >= since).map(one => [one.name, one] as const))("%s: reported, closed by the SQL, then none", async (_, made) => {
    await start(live)
    await live.query(made.sql)
    const found = await driftNow(live)
    expect(lines(found.drift)).toEqual(made.reports.toSorted())
    await live.query(`begin;\n${found.sql.join(";\n")};\ncommit`).catch(async (error: Error) => {
      await live.query("rollback")
      throw new Error(`${error.message}\n${found.sql.join(";\n")}`)
    })
    expect(lines((await driftNow(live)).drift)).toEqual([])
    clean.add(live)
  }, 60_000)
})

/** A case that failed leaves its change behind: then all is made anew. */
async function start(live: Client): Promise<void> {
  if ((await live.query("select from pg_class where relname = 'users'")).rowCount === 1 && clean.has(live)) return void clean.delete(live)
  await live.query(`drop event trigger if exists watch; drop publication if exists news; drop foreign data wrapper if exists nothing cascade; drop schema if exists app, reports cascade; drop owned by ${ROLES.join(", ")}; drop schema public cascade; create schema public;\n${base}`)
}
const ROLES = ["drift_reader", "drift_writer", "drift_stranger"]
const clean = new Set<Client>()

async function driftNow(live: Client) {
  return driftOf(setup, shadows, history, await inspect(queryOf(live)))
}

const lines = ({ missing, extra, changed }: Drift): string[] => [
  ...missing.map(({ kind, key }) => `missing ${kind} ${key}`), ...extra.map(({ kind, key }) => `extra ${kind} ${key}`), ...changed.map(({ want }) => `changed ${want.kind} ${want.key}`),
].toSorted()
