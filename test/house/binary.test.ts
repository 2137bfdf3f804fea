import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

setDefaultTimeout(120_000)
const repository = resolve(import.meta.dir, "../..")
const bare = mkdtempSync(join(tmpdir(), "nself-bare-"))
const binary = join(bare, "bin", process.platform === "win32" ? "nself.exe" : "nself")
afterAll(() => rmSync(bare, { recursive: true, force: true }))

/** A copy that costs no disk, so that it can be deleted: whatever path of the build the executable still looked for would be gone. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    if (statSync(source, { throwIfNoEntry: false })?.isDirectory()) linkTree(source, target)
    else linkSync(source, target)
  }
}

async function run(command: readonly string[], cwd: string) {
  const child = Bun.spawn([...command], { cwd, env: { PATH: "/usr/bin:/bin", HOME: bare, TMPDIR: tmpdir() }, stdout: "pipe", stderr: "pipe", stdin: "ignore" })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, err }
}

beforeAll(async () => {
  mkdirSync(join(repository, ".cache"), { recursive: true })
  const copy = mkdtempSync(join(repository, ".cache/build-"))
  try {
    for (const name of ["src", "scripts", "migrations", "node_modules"]) linkTree(join(repository, name), join(copy, name))
    for (const name of ["package.json", "tsconfig.json"]) cpSync(join(repository, name), join(copy, name))
    const built = await run([process.execPath, "run", "scripts/build.ts"], copy)
    expect(built).toMatchObject({ code: 0 })
    mkdirSync(join(bare, "bin"))
    const name = process.platform === "win32" ? "nself.exe" : "nself"
    cpSync(join(copy, "dist", name), binary)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}, 600_000) // a minute where nobody else works

test("the executable alone, in a directory with nothing else, goes the whole way from a schema and back", async () => {
  const project = join(bare, "project")
  mkdirSync(project)
  await Bun.write(join(project, "drizzle.config.ts"), `export default { schema: "./schema.ts", out: "./migrations", dialect: "postgresql" }\n`)
  await Bun.write(join(project, "schema.ts"), `
    import { index, pgTable, text } from "drizzle-orm/pg-core"
    export const users = pgTable("users", { id: text("id").primaryKey(), email: text("email").notNull() }, t => [index("users_email").on(t.email)])`)
  const nself = (...words: string[]) => run([binary, ...words], project)

  expect((await nself("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(await nself("db", "migrate", "generate", "--name", "first")).toMatchObject({ code: 0, out: expect.stringContaining("migrations/0001_first.sql") })
  expect(await nself("db", "migrate", "up")).toMatchObject({ code: 0, out: expect.stringContaining("Database is now at version 0001.") })
  expect(await nself("db", "migrate", "status")).toMatchObject({ code: 0, out: expect.stringContaining("[x] 0001_first") })
  expect(await nself("db", "migrate", "verify-checksums")).toMatchObject({ code: 0, out: expect.stringContaining("All checksums match.") })
  expect(await nself("db", "migrate", "down")).toMatchObject({ code: 0, out: expect.stringContaining("Database is now at version 0000.") })
})

test("the first five minutes of an unprivileged user in a fresh home, with an empty environment", async () => {
  const home = mkdtempSync(join(tmpdir(), "nself-fresh-"))
  try {
    cpSync(binary, join(home, "nself"))
    chmodSync(home, 0o777)
    const nobody = process.getuid?.() === 0 ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    const nself = async (...words: string[]) => {
      const child = Bun.spawn([...nobody, join(home, "nself"), ...words], { cwd: home, env: {}, stdout: "pipe", stderr: "pipe", stdin: "ignore" })
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
      return { code: await child.exited, out, err }
    }
    expect(await nself("init")).toMatchObject({ code: 0, out: expect.stringContaining("Next: nself db migrate generate --name initial") })
    expect(await nself("db", "migrate", "generate", "--name", "initial")).toMatchObject({ code: 0, out: expect.stringContaining("migrations/0001_initial.sql") })
    expect(await nself("db", "migrate", "up")).toMatchObject({ code: 0, out: expect.stringContaining("Database is now at version 0001.") })
    expect(await nself("db", "migrate", "status")).toMatchObject({ code: 0, out: expect.stringContaining("[x] 0001_initial") })
    expect(await nself("doctor")).toMatchObject({ code: 0 })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test("an extension that a migration creates is inside the executable", async () => {
  const project = join(bare, "extension")
  await Bun.write(join(project, "drizzle.config.ts"), `export default { schema: "./schema.ts", out: "./migrations", dialect: "postgresql" }\n`)
  await Bun.write(join(project, "schema.ts"), `import { pgTable, text } from "drizzle-orm/pg-core"\nexport const notes = pgTable("notes", { id: text("id").primaryKey() })\n`)
  const nself = (...words: string[]) => run([binary, ...words], project)
  expect(await nself("db", "migrate", "generate", "--name", "notes")).toMatchObject({ code: 0 })
  const file = join(project, "migrations/0001_notes.sql")
  await Bun.write(file, `CREATE EXTENSION pg_trgm;\n${await Bun.file(file).text()}\nCREATE INDEX notes_trgm ON notes USING gin (id gin_trgm_ops);\n`)
  expect(await nself("db", "migrate", "up")).toMatchObject({ code: 0, out: expect.stringContaining("Applied 1 migration") })
})

test("the spec's seed and mock lines, with the executable alone", async () => {
  const project = join(bare, "data")
  cpSync(join(repository, "examples/app"), project, { recursive: true })
  const nself = (line: string) => run([binary, ...line.split(" ")], project)
  for (const line of ["db migrate generate --name first_tables", "db migrate up"]) expect(await nself(line)).toMatchObject({ code: 0 })
  expect(await nself("db seed")).toMatchObject({ code: 0, out: expect.stringContaining("Seeded roles.") })
  expect(await nself("db seed --file seeds/001_roles.ts")).toMatchObject({ code: 0, out: expect.stringContaining("Ran 1 seed.") })
  await Bun.write(join(project, "hasura/seeds/default/008_owner_license.sql"), "SET check_function_bodies = false;\nCOPY public.np_roles (id, name, permissions) FROM stdin;\nowner\tOwner\t{*}\n\\.\n")
  expect(await nself("db hasura seed apply --file 008_owner_license.sql")).toMatchObject({ code: 0, out: expect.stringContaining("Ran 1 seed.") })
  expect(await nself("db mock --table np_users --count 100")).toMatchObject({ code: 0, out: expect.stringContaining("Filled np_users with 100 rows") })
  expect(await nself("db mock --table np_documents --count 1000")).toMatchObject({ code: 0, out: expect.stringContaining("Filled np_documents with 1,000 rows") })
})

/** The binary with an environment of its own. */
async function hostile(words: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const child = Bun.spawn([binary, ...words], { cwd, env: { PATH: "/usr/bin:/bin", HOME: bare, TMPDIR: tmpdir(), ...env }, stdout: "pipe", stderr: "pipe", stdin: "ignore" })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, err }
}

test("#57 a hostile working directory: its bunfig.toml preloads nothing, and a .env below the project is not read", async () => {
  const project = join(bare, "hostile")
  await Bun.write(join(project, "migrations/0001_a.sql"), "CREATE TABLE a (n int);\n")
  await Bun.write(join(project, "migrations/meta/_journal.json"), JSON.stringify({ entries: [{ tag: "0001_a" }] }))
  for (const dir of [project, join(project, "below")]) {
    await Bun.write(join(dir, "bunfig.toml"), `preload = ["./evil.ts"]\n`)
    await Bun.write(join(dir, "evil.ts"), `require("fs").writeFileSync(${JSON.stringify(join(project, "ran"))}, "")\n`)
    await Bun.write(join(dir, "package.json"), `{"type":"module","main":"./evil.ts"}`)
    await Bun.write(join(dir, "tsconfig.json"), `{"compilerOptions":{"paths":{"*":["./evil.ts"]}}}`)
  }
  await Bun.write(join(project, "below/.env"), "DATABASE_URL=postgres://u:p@127.0.0.1:1/x\nNSELF_ENV=prod\n")
  const said = await run([binary, "db", "migrate", "up"], join(project, "below"))
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining("Applied 1 migration") })
  expect(await Bun.file(join(project, "ran")).exists()).toBe(false)
})

test("#58 BUN_OPTIONS and BUN_BE_BUN can run other code, which no program can keep from happening: doctor warns of them", async () => {
  const project = join(bare, "hostile")
  const { out } = await hostile(["doctor"], project, { BUN_OPTIONS: "--smol" })
  expect(out).toContain("BUN_OPTIONS")
})

test("#60 the user's TypeScript sees the environment that nself was told, NODE_ENV too", async () => {
  const project = join(bare, "environment")
  await Bun.write(join(project, "drizzle.config.ts"), `export default { schema: "./schema.ts", out: "./migrations", dialect: "postgresql" }\n`)
  await Bun.write(join(project, "schema.ts"), `import { integer, pgTable } from "drizzle-orm/pg-core"\nexport const t = pgTable("t_" + process.env.NODE_ENV, { id: integer("id") })\n`)
  expect(await hostile(["db", "migrate", "generate", "--name", "a"], project, { NODE_ENV: "production" })).toMatchObject({ code: 0 })
  expect(await Bun.file(join(project, "migrations/0001_a.sql")).text()).toContain('CREATE TABLE "t_production"')
})
