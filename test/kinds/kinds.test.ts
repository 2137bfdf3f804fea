/** Golden folders: `before.sql` and `after.sql` in, `up.sql` and `down.sql` out, and both proved on PostgreSQL 15 and 18. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Client } from "pg"
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import type { Catalog } from "../../src/core/catalog.ts"
import { compare, driftLines } from "../../src/core/compare.ts"
import { ident } from "../../src/core/ident.ts"
import type { Query } from "../../src/core/types.ts"
import { ddl } from "../../src/kinds/ddl.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { startServer, type Major } from "../support/server.ts"

interface Golden {
  readonly name: string
  readonly before: string
  readonly after: string
  /** The oldest major that has the syntax: `-- since: 18` as the first line of before.sql. */
  readonly since: number
  /** `-- swap enums` as the first line: what the flow asks for where ADD VALUE cannot be used in its own transaction. */
  readonly swapEnums: boolean
}

const at = (name: string, file: string) => `${import.meta.dir}/${name}/${file}`
const cases: readonly Golden[] = readdirSync(import.meta.dir, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => {
  const before = readFileSync(at(name, "before.sql"), "utf8")
  const since = before.startsWith("-- since: ") ? Number(before.slice("-- since: ".length).split("\n")[0]) : 0
  return { name, before, after: readFileSync(at(name, "after.sql"), "utf8"), since, swapEnums: before.startsWith("-- swap enums") }
}).toSorted((a, b) => (a.name < b.name ? -1 : 1))

test("there are golden folders", () => expect(cases.length).toBeGreaterThanOrEqual(60))

describe.each([15, 18] as const)("PostgreSQL %i", major => {
  let databases: readonly [Client, Client]
  beforeAll(async () => void (databases = await Promise.all([open(major), open(major)])), 60_000)
  afterAll(async () => void (await Promise.all(databases.map(one => one.end()))))

  test.each(cases.filter(one => one.since <= major).map(one => [one.name, one] as const))("%s", async (name, { before, after, swapEnums }) => {
    const [have, want] = await Promise.all([fill(databases[0], before), fill(databases[1], after)])
    const [up, down] = [textOf(ddl(want, have, { swapEnums })), textOf(ddl(have, want, { swapEnums }))]
    if (major === 18) {
      golden(at(name, "up.sql"), up)
      golden(at(name, "down.sql"), down)
    }
    await expectBecomes(databases[0], up, want)
    await expectBecomes(databases[0], down, have)
  }, 20_000)
})

async function open(major: Major): Promise<Client> {
  const client = new Client({ connectionString: await (await startServer(major)).database() })
  await client.connect()
  return client
}

const queryOf = (client: Client): Query => async <R>(sql: string, params: readonly unknown[] = []) => (await client.query(sql, [...params])).rows as R[]

/** An emptied database with this schema in it, as a catalog. Making a new database for each case would take most of the time. */
async function fill(client: Client, sql: string): Promise<Catalog> {
  const { rows } = await client.query<{ name: string }>("select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'")
  await client.query([...rows.map(({ name }) => `drop schema ${ident(name)} cascade`), "create schema public"].join(";"))
  await client.query(sql)
  return inspect(queryOf(client))
}

const textOf = (statements: readonly string[]): string => statements.map(statement => `${statement};\n`).join("")

/** `UPDATE=1 bun test test/kinds` writes them. */
function golden(path: string, text: string): void {
  if (process.env["UPDATE"] === "1") writeFileSync(path, text)
  expect(text).toBe(existsSync(path) ? readFileSync(path, "utf8") : "no such file: UPDATE=1 bun test test/kinds")
}

/** The whole script in one transaction, then nothing may be missing, left over or different. */
async function expectBecomes(client: Client, sql: string, want: Catalog): Promise<void> {
  await client.query(`begin;\n${sql}commit`).catch(async (error: Error) => {
    await client.query("rollback")
    throw new Error(`${error.message}\n${sql}`, { cause: error })
  })
  const said = driftLines(compare(want, await inspect(queryOf(client))))
  expect({ said, sql }).toEqual({ said: [], sql })
}
