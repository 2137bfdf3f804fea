import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openEmbedded } from "../../src/shadow/embedded.ts"

setDefaultTimeout(60_000)
const root = mkdtempSync(join(tmpdir(), "nself-embedded-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const options = { waitMs: 10_000, command: "test" }

/** A process that has the database open, one row committed and another one not. */
async function writer(dir: string) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "hold-embedded.ts"), dir], { stdout: "pipe", stderr: "inherit" })
  for await (const chunk of child.stdout) if (new TextDecoder().decode(chunk).includes("ready")) return child
  throw new Error("the writer ended before it was ready")
}

test("rows stay, a session's settings and open transaction do not", async () => {
  const dir = join(root, "stay/.nself")
  const first = await openEmbedded(dir, options)
  expect(first.label).toBe("embedded database in .nself/")
  const session = await first.session()
  await session.script("create table t(id int); insert into t values (1)")
  await session.script("set statement_timeout = 7000")
  await session.script("begin; create table gone()")
  await session.close()
  await expect(session.query("select 1")).rejects.toThrow("closed")
  const next = await first.session()
  expect(await next.query("select current_setting('statement_timeout') as timeout, to_regclass('gone') as gone")).toEqual([{ timeout: "0", gone: null }])
  await first.close()

  const again = await openEmbedded(dir, options)
  expect(await (await again.session()).query("select id from t")).toEqual([{ id: 1 }])
  await again.close()
})

test("kill -9 loses no committed row, keeps no other one and leaves no lock", async () => {
  const dir = join(root, "killed")
  const child = await writer(dir)
  child.kill("SIGKILL")
  await child.exited
  const database = await openEmbedded(dir, options)
  const session = await database.session()
  expect(await session.query("select id from kept")).toEqual([{ id: 1 }])
  await session.script("create extension pg_trgm; create index on kept(id)")
  await database.close()
})

test("a second process is told who holds it, and gets it when that one has ended", async () => {
  const dir = join(root, "held")
  const child = await writer(dir)
  const refused = await openEmbedded(dir, { ...options, waitMs: 100 }).catch(error => error)
  expect(refused.exit).toBe("locked")
  expect(refused.message).toMatch(new RegExp(`^the embedded database in held/ is in use by process ${child.pid} \\(nself test writer\\) since 2`))
  const waiting = openEmbedded(dir, options)
  child.kill("SIGKILL")
  await (await waiting).close()
})

test("a crash while it was made leaves nothing in the way", async () => {
  const dir = join(root, "half")
  await (await openEmbedded(dir, options)).close()
  rmSync(join(dir, "pgdata"), { recursive: true })
  await Bun.write(join(dir, "pgdata.new/PG_VERSION"), "18\n")
  const database = await openEmbedded(dir, options)
  expect(await (await database.session()).query("select 1 as one")).toEqual([{ one: 1 }])
  await database.close()
})

test("an empty folder for the data gets a database (it hung for ever), one that holds something else is left alone", async () => {
  const dir = join(root, "empty")
  mkdirSync(join(dir, "pgdata"), { recursive: true })
  const database = await openEmbedded(dir, options)
  expect(await (await database.session()).query("select 1 as one")).toEqual([{ one: 1 }])
  await database.close()
  await Bun.write(join(root, "other/pgdata/notes.txt"), "mine")
  const error = await openEmbedded(join(root, "other"), options).catch(thrown => thrown)
  expect(error).toMatchObject({ exit: "failed", message: "cannot open the embedded database in other/: pgdata/ holds no database: PG_VERSION is missing" })
  expect(await Bun.file(join(root, "other/pgdata/notes.txt")).text()).toBe("mine")
})

test("a folder that cannot be made is a fault with the reason", async () => {
  writeFileSync(join(root, "file"), "")
  const error = await openEmbedded(join(root, "file/.nself"), options).catch(thrown => thrown)
  expect(error).toMatchObject({ exit: "failed", message: expect.stringContaining("cannot open the embedded database in .nself/") })
})
