import { afterEach, expect, test } from "bun:test"
import { readdir } from "node:fs/promises"
import { nself, project } from "../support/nself.ts"

const removes: (() => Promise<void>)[] = []
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

type Files = Readonly<Record<string, string | Uint8Array>>

/** What a person sees who types this in a project with these files. Nothing may be written: the folder holds the same files afterwards. */
async function typed(args: string, files: Files): Promise<string> {
  const { dir, remove } = await project(files)
  removes.push(remove)
  const before = await listed(dir)
  const said = await nself(dir, args)
  expect(await listed(dir)).toEqual(before)
  return said
}

const listed = async (dir: string): Promise<string[]> => (await readdir(dir, { recursive: true })).toSorted()

const CONFIG = { "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }\n` }
const TABLE = `import { pgTable, text } from "drizzle-orm/pg-core"\nexport const users = pgTable("np_users", { id: text("id").primaryKey() })\n`
const GENERATE = "db migrate generate --name first"

test("no config and no schema", async () => {
  expect(await typed(GENERATE, {})).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: no drizzle.config.ts and no src/db/schema in <dir>

    hint: nself init, or write drizzle.config.ts:
    export default {
      dialect: "postgresql",
      schema: "./src/db/schema/*.ts",
      out: "./migrations",
    }
    --- exit 2"
  `)
})

test("a config that throws", async () => {
  expect(await typed(GENERATE, { "drizzle.config.ts": `\nif (!process.env.MISSING) throw new Error("MISSING is not set")\nexport default {}\n` })).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: drizzle.config.ts:2:37: Error: MISSING is not set

    hint: correct the file and try again
    --- exit 2"
  `)
})

test("a config with a syntax error", async () => {
  expect(await typed(GENERATE, { "drizzle.config.ts": `export default {\n  schema: "./s.ts",,\n}\n` })).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: drizzle.config.ts:2:20: Expected identifier but found ","
        schema: "./s.ts",,
                         ^

    hint: correct the file and try again
    --- exit 2"
  `)
})

test("a config of another database", async () => {
  expect(await typed(GENERATE, { "drizzle.config.ts": `export default { dialect: "sqlite", schema: "./s.ts" }\n` })).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: drizzle.config.ts: dialect "sqlite" is not PostgreSQL

    hint: nself knows dialect: "postgresql" only
    --- exit 2"
  `)
})

test("a schema file with a syntax error: file, line and column", async () => {
  expect(await typed(GENERATE, { ...CONFIG, "src/db/schema/users.ts": `${TABLE}export const posts = pgTable("np_posts", {\n  id: text("id").primaryKey(,\n})\n` })).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: src/db/schema/users.ts:4:29: Unexpected ,
        id: text("id").primaryKey(,
                                  ^

    hint: correct the file and try again
    --- exit 2"
  `)
})

test("a schema file with a missing import: file and line", async () => {
  expect(await typed(GENERATE, { ...CONFIG, "src/db/schema/users.ts": `import { roles } from "./roles"\n${TABLE}export const all = roles\n` })).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: src/db/schema/users.ts:1: cannot find \`./roles\`

    hint: correct the import, or add the file
    --- exit 2"
  `)
})

test("a schema file that imports a package that is not installed", async () => {
  expect(await typed(GENERATE, { ...CONFIG, "src/db/schema/users.ts": `import { nanoid } from "nanoid"\n${TABLE}export const id = nanoid()\n` })).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: src/db/schema/users.ts:1: cannot find \`nanoid\`

    hint: npm install nanoid
    --- exit 2"
  `)
})

test("a glob that matches nothing", async () => {
  expect(await typed(GENERATE, CONFIG)).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stderr
    error: no schema file matches \`./src/db/schema/*.ts\` (looked in <dir>)

    hint: correct \`schema\` in drizzle.config.ts, for example "./src/db/schema/*.ts"
    --- exit 2"
  `)
})

test("a schema without a table has nothing to generate", async () => {
  expect(await typed(GENERATE, { ...CONFIG, "src/db/schema/index.ts": "export const nothing = 1\n" })).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name first
    --- stdout
    Nothing to generate: the migrations already give the declared schema.
    --- exit 0"
  `)
})

const ONE = { ...CONFIG, "src/db/schema/users.ts": TABLE, "migrations/0001_first.sql": `CREATE TABLE "np_users" ("id" text PRIMARY KEY);\n`, "migrations/0001_first.down.sql": `DROP TABLE "np_users";\n` }
const JOURNAL = "migrations/meta/_journal.json"
const entry = (idx: number, tag: string) => ({ idx, version: "7", when: 1, tag, breakpoints: true })
const journal = (...tags: string[]) => JSON.stringify({ version: "7", dialect: "postgresql", entries: tags.map((tag, i) => entry(i, tag)) }, null, 2)

test.each(["db migrate up", "db migrate generate --name second", "db migrate verify-checksums --offline"])("%s: a journal that is not JSON", async args => {
  expect(await typed(args, { ...ONE, [JOURNAL]: `{ "version": "7", "entries": [` })).toMatchSnapshot()
})

test.each(["db migrate up", "db migrate generate --name second", "db migrate verify-checksums --offline"])("%s: a journal with git's conflict markers", async args => {
  expect(await typed(args, { ...ONE, [JOURNAL]: `{ "version": "7", "entries": [\n<<<<<<< HEAD\n${JSON.stringify(entry(0, "0001_first"))}\n=======\n${JSON.stringify(entry(0, "0001_other"))}\n>>>>>>> theirs\n] }` })).toMatchSnapshot()
})

test.each(["db migrate up", "db migrate generate --name second", "db migrate verify-checksums --offline"])("%s: a journal that names a missing file", async args => {
  expect(await typed(args, { ...ONE, [JOURNAL]: journal("0001_first", "0002_gone") })).toMatchSnapshot()
})

test.each(["db migrate up", "db migrate generate --name second", "db migrate verify-checksums --offline"])("%s: a journal that misses a file", async args => {
  expect(await typed(args, { ...ONE, "migrations/0002_more.sql": "SELECT 1;\n", [JOURNAL]: journal("0001_first") })).toMatchSnapshot()
})

test.each(["db migrate up", "db migrate generate --name second"])("%s: two files of one number, of which the journal names one (four of five public projects)", async args => {
  expect(await typed(args, { ...ONE, "migrations/0001_abandoned.sql": "SELECT 1;\n", [JOURNAL]: journal("0001_first") })).toMatchSnapshot()
})

const SQL: readonly (readonly [string, string | Uint8Array])[] = [
  ["is empty", " \n"],
  ["is not UTF-8", new Uint8Array([0x2d, 0x2d, 0x20, 0xe9, 0x0a])],
  ["has an unterminated string", "SELECT 1;\nSELECT 'never ends;\n"],
  ["has its own BEGIN and COMMIT", "BEGIN;\nSELECT 1;\nCOMMIT;\n"],
]
test.each(SQL)("up: a file that %s", async (_, text) => {
  expect(await typedWithEmbedded("db migrate up", { ...ONE, "migrations/0002_more.sql": text, [JOURNAL]: journal("0001_first", "0002_more") })).toMatchSnapshot()
})

/** The same, where the embedded database may be made on the way. */
async function typedWithEmbedded(args: string, files: Files): Promise<string> {
  const { dir, remove } = await project(files)
  removes.push(remove)
  return nself(dir, args)
}

test.each(SQL.slice(0, 3))("generate: a file that %s", async (_, text) => {
  expect(await typed("db migrate generate --name second", { ...ONE, "migrations/0002_more.sql": text, [JOURNAL]: journal("0001_first", "0002_more") })).toMatchSnapshot()
})

test("a BOM and CRLF are read as they are meant", async () => {
  const said = await typedWithEmbedded("db migrate up", { ...ONE, "migrations/0002_more.sql": "\uFEFFCREATE TABLE \"np_more\" (\r\n  \"note\" text DEFAULT 'a\r\nb'\r\n);\r\n", [JOURNAL]: journal("0001_first", "0002_more") })
  expect(said).toContain("Applying 0002_more.sql ... done")
  expect(said).toContain("--- exit 0")
})

test.each(["db migrate bogus", "db migrate up --bogus", "db migrate up --to three", "db migrate up --to 7", "db migrate down --to 7", "db migrate up --env pord"])("%s", async args => {
  expect(await typedWithEmbedded(args, { ...ONE, ".gitignore": ".nself\n" })).toMatchSnapshot()
})
