import { afterAll, expect, test } from "bun:test"
import { PGlite } from "@electric-sql/pglite"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Declared } from "../../src/drizzle/declared.ts"
import { loadDeclared, loadForMigration } from "../../src/drizzle/load.ts"
import { Fault } from "../../src/core/fault.ts"
import { launch } from "./support.ts"

// outside the repository: a project without node_modules of its own or above it
const base = mkdtempSync(join(tmpdir(), "nself-load-test-"))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let count = 0
function project(files: Record<string, string>): string {
  const root = join(base, `p${count++}`)
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(join(path, ".."), { recursive: true })
    writeFileSync(path, text)
  }
  return root
}

const load = (root: string, patterns = ["./s/*.ts"], env = {}): Promise<Declared> =>
  loadDeclared({ root, configPath: null, patterns, out: "./migrations" }, launch(env))

const snapshotOf = async (root: string, patterns = ["./s/*.ts"]): Promise<unknown> =>
  (await loadForMigration({ root, configPath: null, patterns, out: "./migrations" }, launch({}))).snapshot()

/** What a load that must fail says: message and hint. */
async function fault(root: string, patterns?: string[]): Promise<string> {
  const thrown = await load(root, patterns).then(() => null, (error: unknown) => error)
  expect(thrown).toBeInstanceOf(Fault)
  expect((thrown as Fault).exit).toBe("usage")
  return `${(thrown as Fault).message}\n-> ${(thrown as Fault).hint}`
}

const head = `import { pgTable, integer, text, pgEnum } from "drizzle-orm/pg-core"\n`

test("the example app is the spec's np_documents", async () => {
  const declared = await load(resolve(import.meta.dir, "../../examples/app"), ["./src/db/schema/*.ts"])
  expect(declared.tables.map(table => table.name)).toEqual(["np_documents", "np_roles", "np_tenants", "np_users"])
  expect(declared.tables[0]).toEqual({
    schema: null, name: "np_documents", file: "src/db/schema/documents.ts", exportName: "npDocuments", order: 0, hasUpdatedAt: true,
    columns: ["id", "source_account_id", "tenant_id", "user_id", "title", "body", "created_at", "updated_at", "deleted_at"],
  })
  expect(await snapshotOf(resolve(import.meta.dir, "../../examples/app"), ["./src/db/schema/*.ts"])).toMatchObject({ version: "7", dialect: "postgresql" })
  expect(declared.statements.find(text => text.startsWith('CREATE TABLE "np_documents"'))).toMatchInlineSnapshot(`
"CREATE TABLE "np_documents" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"source_account_id" text DEFAULT 'primary' NOT NULL,
	"tenant_id" uuid,
	"user_id" uuid NOT NULL,
	"title" text NOT NULL,
	"body" text,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"updated_at" timestamptz DEFAULT now() NOT NULL,
	"deleted_at" timestamptz,
	CONSTRAINT "np_documents_user_id_np_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "np_users"("id") ON DELETE RESTRICT
);"
`)
  const db = await PGlite.create()
  for (const statement of declared.statements) await db.exec(statement)
  await db.close()
}, 60_000)

test("a project without node_modules: barrels, .js suffixes, tsconfig paths, helpers, folders, prints", async () => {
  const root = project({
    "tsconfig.json": `{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./lib/*"] } } }`,
    "lib/columns.ts": `import { timestamp } from "drizzle-orm/pg-core"\nexport const times = { updatedAt: timestamp("updated_at") }`,
    "s/index.ts": `export * from "./b.js"\nexport * from "./a.js"`,
    "s/b.ts": `${head}import { a } from "./a"\nimport { relations } from "drizzle-orm"\nexport const b = pgTable("b", { id: integer("id").references(() => a.id) })\nexport const bRelations = relations(b, ({ one }) => ({ a: one(a) }))`,
    "s/a.ts": `${head}import { times } from "@/columns"\nimport { Pool } from "pg"\nexport const pool = new Pool()\nconsole.log("out"); console.error("err")\nexport const z = pgTable("z", { id: integer("id"), ...times })\nexport const kind = pgEnum("kind", ["x"])\nexport const a = pgTable("a", { id: integer("id").primaryKey(), kind: kind("kind") })`,
  })
  for (const patterns of [["./s/*.ts"], ["./s"], ["s/index.ts"], ["./s/a.ts", "./s/b.ts"]]) {
    const declared = await load(root, patterns)
    const named = declared.tables.map(table => `${table.file} ${table.exportName}`).toSorted()
    expect(named).toEqual(["s/a.ts a", "s/a.ts z", "s/b.ts b"])
    expect(declared.tables.filter(table => table.file === "s/a.ts").map(table => table.name)).toEqual(["z", "a"])
    expect(declared.tables.find(table => table.name === "z")?.hasUpdatedAt).toBe(true)
    expect(declared.sources).toContain("lib/columns.ts")
  }
})

test("the environment is the one of the launch, NODE_ENV too", async () => {
  const root = project({ "s/a.ts": `${head}export const t = pgTable("t_" + process.env.NODE_ENV + "_" + process.env.STAGE, { id: integer("id") })` })
  expect((await load(root, undefined, { NODE_ENV: "production", STAGE: "x" })).tables[0]!.name).toBe("t_production_x")
})

test("a syntax error names file, line and column", async () => {
  expect(await fault(project({ "s/a.ts": `export const a = 1\nexport const b = {` }))).toMatch(/^s\/a\.ts:2:\d+: /)
})

test("a missing import names the file and line that asked", async () => {
  const root = project({ "s/a.ts": `import "./b"`, "s/b.ts": `\nimport { x } from "./nope"\nexport const y = x` })
  expect(await fault(root)).toBe("s/b.ts:2: cannot find `./nope`\n-> correct the import, or add the file")
  expect(await fault(project({ "s/a.ts": `import z from "no-such-package-of-nself/sub"\nexport const y = z` }))).toBe("s/a.ts:1: cannot find `no-such-package-of-nself/sub`\n-> npm install no-such-package-of-nself")
})

test("an export that is not there is named", async () => {
  expect(await fault(project({ "s/a.ts": `import { nope } from "./b"\nexport const y = nope`, "s/b.ts": `export const x = 1` }))).toContain("nope")
})

test("a throw names file and line", async () => {
  expect(await fault(project({ "s/a.ts": `export const a = 1\n\nthrow new TypeError("not today")` }))).toMatch(/^s\/a\.ts:3:\d+: TypeError: not today/)
})

test("process.exit in a schema file is an error, not an end", async () => {
  const said = await fault(project({ "s/a.ts": `console.error("bye"); process.exit(0)` }))
  expect(said).toContain("s/a.ts ended the process with exit code 0")
  expect(said).toContain("bye")
})

test("a pattern that matches nothing is named", async () => {
  expect(await fault(project({ "s/a.ts": "" }), ["./s/*.ts", "./other/*.ts"])).toContain("no schema file matches `./other/*.ts`")
})

test("a name that is defined twice is shown with both places", async () => {
  const root = project({ "s/a.ts": `${head}export const one = pgTable("t", { id: integer("id") })`, "s/b.ts": `${head}export const two = pgTable("t", { id: integer("id") })` })
  expect(await fault(root)).toContain("t is defined twice:\n  s/a.ts (export one)\n  s/b.ts (export two)")
})

test("a column that is defined twice is shown", async () => {
  expect(await fault(project({ "s/a.ts": `${head}export const one = pgTable("t", { a: integer("id"), b: text("id") })` }))).toContain("column id is defined twice")
})

test("an index name that is used twice in a schema is shown", async () => {
  const table = (name: string) => `${head}import { index } from "drizzle-orm/pg-core"\nexport const ${name} = pgTable("${name}", { a: integer("a") }, t => [index("same").on(t.a)])`
  expect(await fault(project({ "s/a.ts": table("one"), "s/b.ts": table("two") }))).toContain("same is defined twice")
})

test("a drizzle-orm that nself cannot read is refused by version", async () => {
  const root = project({ "s/a.ts": head, "node_modules/drizzle-orm/package.json": `{ "name": "drizzle-orm", "version": "0.29.1" }` })
  expect(await fault(root)).toContain("drizzle-orm 0.29.1")
})

test("a bigint default stands in the snapshot (`JSON.stringify cannot serialize BigInt` ended generate)", async () => {
  const root = project({ "s/a.ts": `import { pgTable, bigint } from "drizzle-orm/pg-core"\nexport const t = pgTable("t", { a: bigint("a", { mode: "bigint" }).default(5n), b: bigint("b", { mode: "bigint" }).default(9007199254740993n) })` })
  expect(await snapshotOf(root)).toMatchObject({ tables: { "public.t": { columns: { a: { default: 5 }, b: { default: "9007199254740993" } } } } })
})

test("a schema without a table is empty, not an error", async () => {
  const declared = await load(project({ "s/a.ts": "export const x = 1" }))
  expect(declared).toMatchObject({ statements: [], tables: [], sources: ["s/a.ts"] })
})

test("a schema file that throws and holds the process open is answered, too (a migration's was waited for two minutes)", async () => {
  const root = project({ "s/a.ts": `${head}setInterval(() => {}, 1000)\nthrow new Error("no")\nexport const t = pgTable("t", { a: integer() })\n` })
  await expect(loadForMigration({ root, configPath: null, patterns: ["./s/*.ts"], out: "./migrations" }, launch({}))).rejects.toThrow("s/a.ts:3:11: Error: no")
}, 30_000)

test("a snapshot that nobody asks for is not made: its child ends with close, and leaves nothing", async () => {
  const temporary = join(base, "temporary")
  mkdirSync(temporary)
  const root = project({ "s/a.ts": `${head}import { writeFileSync } from "node:fs"\nwriteFileSync(import.meta.dir + "/pid", String(process.pid))\nexport const t = pgTable("t", { id: integer("id") })` })
  const before = process.env["TMPDIR"]
  process.env["TMPDIR"] = temporary
  try {
    const loaded = await loadForMigration({ root, configPath: null, patterns: ["./s/*.ts"], out: "./migrations" }, launch({}))
    const pid = Number(readFileSync(join(root, "s/pid"), "utf8"))
    expect(() => process.kill(pid, 0)).not.toThrow()
    await loaded.close()
    expect(() => process.kill(pid, 0)).toThrow("ESRCH")
    expect(readdirSync(temporary)).toEqual([])
  } finally {
    if (before === undefined) delete process.env["TMPDIR"]
    else process.env["TMPDIR"] = before
  }
})

test("a schema file that holds the process open is still answered", async () => {
  const declared = await load(project({ "s/a.ts": `${head}setInterval(() => {}, 1000)\nexport const t = pgTable("t", { id: integer("id") })` }))
  expect(declared.tables).toHaveLength(1)
})

test("a foreign key into a table that nobody exports is named", async () => {
  const root = project({ "s/a.ts": `${head}const hidden = pgTable("hidden", { id: integer("id").primaryKey() })\nexport const t = pgTable("t", { id: integer("id").references(() => hidden.id) })` })
  expect(await fault(root)).toContain("s/a.ts (export t) references table hidden, which no schema file exports")
})

test("a pattern that catches the tests beside a schema does not load them", async () => {
  const root = project({ "s/a.ts": `${head}export const a = pgTable("a", { id: integer("id") })\n`, "s/a.test.ts": `import { test } from "vitest"\ntest("x", () => {})\n`, "s/a.spec.ts": "throw new Error()\n" })
  expect((await load(root)).tables.map(table => table.name)).toEqual(["a"])
})
