import { afterAll, beforeAll, expect, test } from "bun:test"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { project, runNself } from "../support/nself.ts"
import { startServer } from "../support/server.ts"

const MAIN = join(import.meta.dir, "../../src/main.ts")
let dir: string
let remove: () => Promise<void>
let env: { readonly DATABASE_URL: string }
beforeAll(async () => {
  env = { DATABASE_URL: await (await startServer(18)).database() }
  const made = await project({
    "drizzle.config.json": `{ "dialect": "postgresql", "schema": "./schema.ts", "out": "./migrations" }`,
    "schema.ts": `import { integer, pgTable } from "drizzle-orm/pg-core"\nexport const users = pgTable("users", { id: integer().primaryKey() })\n`,
    "migrations/0001_users.sql": `CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL);\nDO $$BEGIN RAISE NOTICE 'told'; END$$;\n`,
    "migrations/0002_quick.sql": "SELECT 1;\n",
  })
  ;({ dir, remove } = made)
}, 60_000)
afterAll(() => remove())

test("--quiet leaves the answer, --verbose adds every SQL text with its time, and stdout stays what it is", async () => {
  const quiet = await runNself(dir, "db migrate up --to 1 --quiet", { env })
  expect(quiet).toEqual({ stdout: "Applied 1 migration. Database is now at version 0001.\n", stderr: "", exit: 0 })
  const verbose = await runNself(dir, "db migrate up --verbose --json", { env })
  expect(verbose.exit).toBe(0)
  expect(JSON.parse(verbose.stdout)).toMatchObject({ command: "db migrate up" })
  const [first, second, third, ...lines] = verbose.stderr.trim().split("\n")
  expect([first, second, third]).toEqual(["Environment dev (nothing else was said)", "  no environment file (looked for .env, .env.dev, .env.secrets, .env.local)", "  the process environment: DATABASE_URL"])
  for (const line of lines) expect(line).toMatch(/^\[ *\d+\.\d ms\] \S/)
  expect(lines.some(line => line.includes("SELECT 1"))).toBe(true)
  expect(lines.some(line => /\] begin/i.test(line))).toBe(true)
})

test("--verbose names the environment files, their keys and who won, and never a value", async () => {
  const files = {
    ".env": "POSTGRES_HOST=hosthidden\nPOSTGRES_PASSWORD=pwhidden\nAPI_KEY=keyhidden\nNODE_OPTIONS=--inspect\nPGPORT=1\n", ".env.staging": "POSTGRES_PASSWORD=otherhidden\n",
    ".env.local": "API_KEY=thirdhidden\n", "drizzle.config.json": "{}", "migrations/0001_a.sql": "SELECT 1;\n", "migrations/0001_a.down.sql": "SELECT 1;\n",
  }
  const made = await project(files)
  const { stderr, stdout } = await runNself(made.dir, "db migrate verify-checksums --offline --env staging --verbose", { env: { POSTGRES_HOST: "minehidden", EDITOR: "edhidden" } })
  await made.remove()
  expect(stderr).toMatchInlineSnapshot(`
    "Environment staging (--env says so)
      .env: POSTGRES_HOST (the process environment wins), POSTGRES_PASSWORD (.env.staging wins), API_KEY (.env.local wins), PGPORT, NODE_OPTIONS (left out: it would change how programs run)
      .env.staging: POSTGRES_PASSWORD
      .env.local: API_KEY
      the process environment: POSTGRES_HOST
    "
  `)
  expect(stdout + stderr).not.toContain("hidden")
})

test("--verbose shows what a shadow is sent, too, on the embedded PostgreSQL and on a real server", async () => {
  for (const where of ["", ` --shadow-url ${env.DATABASE_URL}`]) {
    const { stderr, exit } = await runNself(dir, `db migrate diff --verbose${where}`, { env })
    expect([where, exit === 0 || exit === 5]).toEqual([where, true])
    const shadow = stderr.split("\n").filter(line => /^\[ *\d+\.\d ms\] shadow: \S/.test(line))
    expect(shadow.some(line => line.includes(`CREATE TABLE "users"`))).toBe(true)
    expect(shadow.some(line => line.includes("pg_attribute"))).toBe(true)
  }
  await rm(join(dir, ".nself/cache"), { recursive: true }) // what is known already is sent to nobody
  const generated = await runNself(dir, "db migrate generate --check --verbose", { env })
  expect(generated.stderr).toMatch(/ms\] shadow: [^\n]*CREATE TABLE "users"/)
}, 60_000)

test("an error is said although --quiet was", async () => {
  expect(await runNself(dir, "db migrate up --to 9 --quiet", { env })).toMatchObject({ exit: 2, stdout: "", stderr: expect.stringContaining("there is no migration 0009") })
})

test("both at once is a usage error", async () => {
  expect(await runNself(dir, "db migrate status --quiet --verbose", { env })).toMatchObject({ exit: 2, stderr: expect.stringContaining("opposite") })
})

/** On a terminal of its own, as `script` gives one; stdout and stderr come together. */
async function onTerminal(args: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = Bun.spawn(["script", "-qec", `${process.execPath} --no-env-file ${MAIN} ${args}`, "/dev/null"], { cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"]!, HOME: dir, TERM: "xterm", ...env, ...more } })
  return child.stdout.text()
}

test("long work turns a wheel on a terminal and takes it away again; in a pipe, on a dumb terminal and with --quiet there is none", async () => {
  const said = await onTerminal("db migrate generate --check")
  expect(said).toMatch(/\r\u001b\[K[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] nself db migrate generate \(\d\.\d s\)/)
  expect(said).toMatch(/\r\u001b\[KNothing to generate/)
  for (const calm of [await onTerminal("db migrate generate --check", { TERM: "dumb" }), await onTerminal("db migrate generate --check --quiet")]) {
    expect(calm).toContain("Nothing to generate")
    expect(calm).not.toMatch(/\u001b\[K|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
  }
  expect((await runNself(dir, "db migrate generate --check", { env })).stderr).toBe("")
}, 60_000)

test("colour on a terminal, none with NO_COLOR", async () => {
  expect(await onTerminal("db migrate status")).toContain("\u001b[32m[x]")
  expect(await onTerminal("db migrate status", { NO_COLOR: "1" })).not.toContain("\u001b[3")
})
