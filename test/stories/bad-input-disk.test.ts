import { afterEach, expect, test } from "bun:test"
import { readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nself, project } from "../support/nself.ts"

const removes: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const remove of removes.splice(0).toReversed()) await remove()
})

const CONFIG = `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations" }\n`
const SCHEMA = `import { pgTable, text } from "drizzle-orm/pg-core"\nexport const users = pgTable("np_users", { id: text("id").primaryKey() })\n`
const FILES = { "drizzle.config.ts": CONFIG, "schema.ts": SCHEMA }
const APPLIED = { "migrations/0001_first.sql": `CREATE TABLE "np_users" ("id" text PRIMARY KEY);\n`, "migrations/0001_first.down.sql": `DROP TABLE "np_users";\n` }

async function made(files: Readonly<Record<string, string>>): Promise<string> {
  const { dir, remove } = await project(files)
  removes.push(remove)
  return dir
}

const listed = async (dir: string): Promise<string[]> => (await readdir(dir, { recursive: true })).filter(name => !name.startsWith(".nself")).toSorted()

const isRoot = process.getuid?.() === 0
/** Root ignores the rights of files, so somebody else types. */
const somebody = isRoot ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []

async function readOnly(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await made(files)
  await Bun.$`chmod -R a+rX,a-w ${dir}`.quiet()
  removes.push(() => Bun.$`chmod -R u+w ${dir}`.quiet())
  return dir
}

test.each([["db migrate generate --name first", FILES], ["db migrate up", { ...FILES, ...APPLIED }]] as const)("%s in a read-only folder", async (args, files) => {
  const dir = await readOnly(files)
  const before = await listed(dir)
  expect(await nself(dir, args, { through: somebody })).toMatchSnapshot()
  expect(await listed(dir)).toEqual(before)
})

test("generate --check and --dry-run need no right to write", async () => {
  const dir = await readOnly(FILES)
  expect(await nself(dir, "db migrate generate --check", { through: somebody })).toContain("--- exit 5")
  expect(await nself(dir, "db migrate generate --dry-run", { through: somebody })).toContain(`CREATE TABLE "np_users"`)
})

/** Another file system of this size at `path`; `false` where this machine lets nobody mount one. */
async function mounted(path: string, size: string): Promise<boolean> {
  await Bun.$`mkdir -p ${path}`.quiet()
  const { exitCode } = await Bun.$`mount -t tmpfs -o size=${size},mode=777 tmpfs ${path}`.nothrow().quiet()
  if (exitCode === 0) removes.push(() => Bun.$`umount ${path}`.quiet())
  return exitCode === 0
}

const many = Array.from({ length: 300 }, (_, i) => `export const t${i} = pgTable("np_table_${i}", { id: text("id").primaryKey(), note: text("note") })`).join("\n")

test("generate on a full disk: nothing half-written, and the next one works", async () => {
  const dir = await made({ ...FILES, "schema.ts": `${SCHEMA}${many}\n` })
  const folder = join(dir, "migrations")
  if (await mounted(folder, "32k")) {
    // which of the files is the one that does not fit is a matter of bytes
    expect((await nself(dir, "db migrate generate --name first")).replace(/write migrations\/\S+:/, "write migrations/0001_first.sql:")).toMatchSnapshot()
    expect(await listed(folder)).toEqual(["meta"])
    await Bun.$`mount -o remount,size=10m ${folder}`.quiet()
  } else console.log("no right to mount a file system here: that a disk refuses in the middle of a file is shown in test/files/migrations.test.ts only")
  expect(await nself(dir, "db migrate generate --name first")).toContain("--- exit 0")
})

test("no room for temporary files, or no folder for them", async () => {
  const dir = await made({ ...FILES, "schema.ts": `${SCHEMA}${many}\n` })
  const limited = ["sh", "-c", `trap '' XFSZ; ulimit -f 16; exec "$@"`, "sh"]
  expect(await nself(dir, "db migrate generate --name first", { through: limited, env: { TMPDIR: tmpdir() } })).toMatchSnapshot()
  expect(await nself(dir, "db migrate generate --name first", { env: { TMPDIR: "/no/such/folder" } })).toMatchSnapshot()
  expect(await listed(dir)).toEqual(["drizzle.config.ts", "schema.ts"])
})

test("up on a full disk with the embedded database: said, and the next one works", async () => {
  const dir = await made({ ...FILES, ...APPLIED })
  const folder = join(dir, ".nself")
  if (!(await mounted(folder, "8m"))) {
    console.log("no right to mount a file system here: a full disk under the embedded database is not shown")
    return
  }
  expect(await nself(dir, "db migrate up")).toMatchSnapshot()
  await Bun.$`mount -o remount,size=64m ${folder}`.quiet()
  await Bun.write(join(dir, "migrations/0001_first.sql"), `CREATE TABLE "np_users" ("id" text PRIMARY KEY);\nINSERT INTO "np_users" SELECT i || repeat('x', 900) FROM generate_series(1, 200000) i;\n`)
  expect((await nself(dir, "db migrate up")).replace(/base\/\d+\/\d+/, "base/5/16446")).toMatchSnapshot()
  await Bun.write(join(dir, "migrations/0001_first.sql"), APPLIED["migrations/0001_first.sql"])
  await Bun.$`mount -o remount,size=200m ${folder}`.quiet()
  expect(await nself(dir, "db migrate up")).toContain("Applied 1 migration. Database is now at version 0001.")
})
