import { afterAll, beforeAll, expect, test } from "bun:test"
import { ask } from "../support/migrating.ts"
import { project, runNself } from "../support/nself.ts"
import { startServer } from "../support/server.ts"

const SECRET = "ann@example.org"
const FILES = {
  "migrations/0001_a.sql": "CREATE TABLE people (mail text);\n", "migrations/0001_a.down.sql": "DROP TABLE people;\n",
  "migrations/0002_b.sql": "ALTER TABLE people ADD CONSTRAINT people_mail UNIQUE (mail);\n", "migrations/0002_b.down.sql": "ALTER TABLE people DROP CONSTRAINT people_mail;\n",
  "seeds/000_copy.sql": "INSERT INTO people SELECT mail FROM people;\n",
  "seeds/001_program.ts": "import { Client } from 'pg'\nconst c = new Client(process.env.DATABASE_URL)\nawait c.connect()\nawait c.query('insert into people select mail from people').catch(console.error)\nawait c.end()\n",
}
let dir: string
let remove: () => Promise<void>
beforeAll(async () => void ({ dir, remove } = await project(FILES)), 60_000)
afterAll(() => remove())

/** A database of this environment with two people of one address, at version 0001, or, where it may be, with one and at 0002. */
async function database(env: string, twice: boolean): Promise<Readonly<Record<string, string>>> {
  const url = await (await startServer(18)).database()
  await runNself(dir, `db migrate up --to 1 --env ${env}`, { env: { DATABASE_URL: url } })
  await ask(url, `insert into people values ('${SECRET}')${twice ? `, ('${SECRET}')` : ""}`)
  if (!twice) await runNself(dir, `db migrate up --env ${env}`, { env: { DATABASE_URL: url } })
  return { DATABASE_URL: url }
}

test("outside of dev no row is quoted in an error, unless --show-detail says so", async () => {
  const env = await database("prod", true)
  const hidden = await runNself(dir, "db migrate up --env prod", { env })
  expect(hidden.stderr).toContain("detail: hidden, because it may quote rows; --show-detail shows it\nSQLSTATE 23505.")
  expect(hidden.stdout + hidden.stderr + (await runNself(dir, "db migrate up --env prod --json", { env })).stdout).not.toContain(SECRET)
  expect((await runNself(dir, "db migrate up --env prod --show-detail", { env })).stderr).toContain(`detail: Key (mail)=(${SECRET}) is duplicated.`)
  const dev = await database("dev", true)
  expect((await runNself(dir, "db migrate up", { env: dev })).stderr).toContain(`detail: Key (mail)=(${SECRET}) is duplicated.`)
}, 60_000)

test("nor by a seed, in SQL or as a program", async () => {
  const env = await database("staging", false)
  for (const file of ["000_copy.sql", "001_program.ts"]) {
    const { stderr, exit } = await runNself(dir, `db seed --env staging --file ${file}`, { env })
    expect([file, exit, stderr.includes("detail: hidden")]).toEqual([file, 1, true])
    const fault = stderr.slice(stderr.indexOf("\nerror: "))
    expect(fault).not.toContain(file.endsWith("sql") ? SECRET : `detail: Key (mail)=(${SECRET})`)
    expect((await runNself(dir, `db seed --env staging --file ${file} --show-detail`, { env })).stderr).toContain(`detail: Key (mail)=(${SECRET}) already exists.`)
  }
}, 60_000)
