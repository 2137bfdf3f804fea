import { afterAll, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { loadConfig } from "../../src/drizzle/load.ts"
import { readConfig } from "../../src/files/config.ts"
import { readConfigText } from "../../src/files/config-text.ts"
import { COMPUTED } from "../../src/files/literal.ts"
import { findRoot } from "../../src/files/project.ts"
import { launch } from "./support.ts"

const base = mkdtempSync(join(tmpdir(), "nself-config-"))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let count = 0
/** A fresh project folder with these files. */
function project(files: Record<string, string>): string {
  const root = join(base, `p${count++}`)
  for (const [name, text] of Object.entries({ ".keep": "", ...files })) {
    const path = join(root, name)
    mkdirSync(join(path, ".."), { recursive: true })
    writeFileSync(path, text)
  }
  return root
}

const SPEC = `// drizzle.config.ts (project root)
{
"schema": "./src/db/schema/*.ts",
"out": "./migrations",
"driver": "pg",
"dbCredentials": {
"connectionString": "postgresql://nself:password@localhost:5432/nself"
}
}`
const plain = { schema: "./s.ts", out: "./m" }

describe("a config is read as data", () => {
  const table: [string, string, unknown][] = [
    ["the spec's bare object", SPEC, { schema: "./src/db/schema/*.ts", out: "./migrations", driver: "pg", dbCredentials: { connectionString: "postgresql://nself:password@localhost:5432/nself" } }],
    ["export default", `export default { schema: './s.ts', out: "./m", };`, plain],
    ["defineConfig", `import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ schema: "./s.ts", out: \`./m\` })`, plain],
    ["import type and satisfies, no semicolons", `import type { Config } from 'drizzle-kit'\nexport default {\n schema: './s.ts', // here\n out: './m' } satisfies Config\n`, plain],
    ["a named constant", `const config: Config = { schema: "./s.ts", out: "./m" } as const\n\nexport default config`, plain],
    ["module.exports", `/** @type {Config} */\nmodule.exports = { schema: "./s.ts", out: "./m" }`, plain],
    ["a call before it", `import * as dotenv from "dotenv"\ndotenv.config({ path: ".env" })\nexport default { schema: "./s.ts", out: "./m" }`, plain],
    ["nested lists, numbers, escapes", `{ a: [1, -2.5, true, null], 'b\\u0041': "x\\n\\"" }`, { a: [1, -2.5, true, null], bA: 'x\n"' }],
    ["a computed part", `export default { schema: "./s.ts", url: process.env.URL!, f: () => ({ a: 1 }), out: "./m" }`, { ...plain, url: COMPUTED, f: COMPUTED }],
    ["a template with a hole", "export default { out: `./${x}`, schema: './s.ts' }", { out: COMPUTED, schema: "./s.ts" }],
    ["a constant that is computed", `const url = process.env.URL!\nexport default { schema: "./s.ts", out: "./m" }`, plain],
    ["a spread", `export default { ...base, out: "./m" }`, { "…": COMPUTED, out: "./m" }],
    ["a function", `export default () => ({})`, COMPUTED],
    ["half an object", `export default { schema: "./s.ts"`, COMPUTED],
    ["text after a bare object", `{ "schema": "./s.ts" } export const x = 1`, COMPUTED],
    ["an expression that starts like a literal", `export default { out: "./a" + suffix, schema: [1, 2].map(String) }`, { out: COMPUTED, schema: COMPUTED }],
  ]
  test.each(table)("%s", (_, text, want) => expect(readConfigText(text)).toEqual(want as never))

  test.each(['export default { database: "\\', 'export default { a: `\\', 'export default { a: x as "\\', 'export default { a: "\\u{ffffff}" }'])("a text that is cut off or nonsense is read as far as it goes: %s", text => {
    expect(() => readConfigText(text)).not.toThrow(TypeError)
    expect(() => readConfigText(text)).not.toThrow(RangeError)
  })
})

test("defaults are filled in and nothing is run for a plain object", async () => {
  const root = project({ "drizzle.config.ts": SPEC })
  const never = () => { throw new Error("must not run") }
  expect(await readConfig(root, { execute: never })).toEqual({
    root, path: join(root, "drizzle.config.ts"), schema: ["./src/db/schema/*.ts"], out: "./migrations", sql: "src/db/sql/*.sql",
    credentials: { connectionString: "postgresql://nself:password@localhost:5432/nself" },
    schemaFilter: null, tablesFilter: null, ignore: ["hdb_catalog", "drizzle", "schema_migrations", "pgmigrations"], casing: undefined, updatedAtTriggers: true, shadowSetup: null,
    tenants: { source: { kind: "default" }, skip: ["deleted"], extensionSchema: null },
  })
})

test("no config and no schema: refused with an example, but reading alone needs neither", async () => {
  const root = project({})
  await expect(readConfig(root, { execute: async () => ({}) })).rejects.toThrow("no drizzle.config.ts and no src/db/schema")
  expect(await readConfig(root, { execute: false })).toMatchObject({ path: null, out: "./migrations", schema: [], credentials: null })
  const withFolder = project({ "src/db/schema/a.ts": "" })
  expect((await readConfig(withFolder, { execute: async () => ({}) })).schema).toEqual(["./src/db/schema/*.ts"])
})

describe("a config that is wrong says so", () => {
  const table: [string, string, string][] = [
    ["another database", `{ "driver": "mysql2", "schema": "s" }`, "not PostgreSQL"],
    ["another dialect", `{ "dialect": "sqlite", "schema": "s" }`, "not PostgreSQL"],
    ["a number for a path", `{ "out": 5, "schema": "s" }`, "`out` must be a text"],
    ["no list of texts", `{ "schema": [1] }`, "`schema` must be a text or a list of texts"],
    ["an unknown casing", `{ "schema": "s", "casing": "kebab" }`, "casing"],
    ["a list", `[1]`, "no object"],
  ]
  test.each(table)("%s", async (_, text, message) => {
    const root = project({ "drizzle.config.json": text })
    await expect(readConfig(root, { execute: async () => [1] })).rejects.toThrow(message)
  })
})

test("what is computed is left out when nothing may run, but never the folder of migrations", async () => {
  const root = project({ "drizzle.config.ts": `export default { out: "./m", schema: "./s.ts", dbCredentials: { url: process.env.URL! } }` })
  expect(await readConfig(root, { execute: false })).toMatchObject({ out: "./m", schema: ["./s.ts"], credentials: null })
  const computed = project({ "drizzle.config.ts": `export default { out: process.env.OUT!, schema: "./s.ts" }` })
  await expect(readConfig(computed, { execute: false })).rejects.toThrow("`out` is computed")
})

describe("a computed config runs in the child", () => {
  const read = (root: string) => readConfig(root, { execute: configPath => loadConfig({ root, configPath }, launch({ DB: "postgres://x" })) })
  test("with the environment of its launch, and drizzle-kit served", async () => {
    const root = project({ "drizzle.config.ts": `import { defineConfig } from "drizzle-kit"\nconsole.log("noise")\nexport default defineConfig({ dialect: "postgresql", schema: "./s.ts", dbCredentials: { url: process.env.DB! } })` })
    expect(await read(root)).toMatchObject({ schema: ["./s.ts"], credentials: { url: "postgres://x" } })
  })
  test("the bare form too", async () => {
    const root = project({ "drizzle.config.ts": `// bare\n{ "schema": "./s.ts", "dbCredentials": { "url": process.env.DB! } }` })
    expect(await read(root)).toMatchObject({ schema: ["./s.ts"], credentials: { url: "postgres://x" } })
  })
  test("one that throws names file and line", async () => {
    const root = project({ "drizzle.config.ts": `\nif (!process.env.MISSING) throw new Error("MISSING is not set")\nexport default {}` })
    await expect(read(root)).rejects.toThrow(/drizzle\.config\.ts:2:\d+: Error: MISSING is not set/)
  })
})

test("the root is the nearest folder with a config, not above the repository", () => {
  const root = project({ "drizzle.config.ts": "{}", "src/db/x.ts": "", "inner/.git/HEAD": "", "inner/deep/x.ts": "" })
  expect(findRoot(join(root, "src/db"))).toBe(root)
  expect(findRoot(join(root, "inner/deep"))).toBe(join(root, "inner/deep"))
})
