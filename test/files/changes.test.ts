import { afterAll, expect, test } from "bun:test"
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { applyChanges } from "../../src/files/changes.ts"
import { readMigrations } from "../../src/files/migrations.ts"

const made: string[] = []
afterAll(() => Promise.all(made.map(path => rm(path, { recursive: true, force: true }))))

async function project(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "nself-changes-"))
  made.push(root)
  for (const [path, text] of Object.entries({ "0001_a.sql": "a;", "0002_b.sql": "b;", "meta/_journal.json": "old" })) await Bun.write(join(root, "migrations", path), text)
  return root
}

const CHANGES = [
  { path: "migrations/0003_b.sql", text: "b;" }, { path: "migrations/0002_b.sql", text: null }, { path: "migrations/meta/_journal.json", text: "new" },
]
const before = { "0001_a.sql": "a;", "0002_b.sql": "b;", "meta/_journal.json": "old" }
const after = { "0001_a.sql": "a;", "0003_b.sql": "b;", "meta/_journal.json": "new" }

async function folder(root: string): Promise<Record<string, string>> {
  const names = (await readdir(join(root, "migrations"), { recursive: true })).filter(name => /\.(sql|json)$/.test(name) || name.includes(".nself"))
  return Object.fromEntries(await Promise.all(names.toSorted().map(async name => [name, await readFile(join(root, "migrations", name), "utf8")])))
}

test("files are written, replaced and removed together", async () => {
  const root = await project()
  await applyChanges(root, "migrations", CHANGES)
  expect(await folder(root)).toEqual(after)
})

test("a group that cannot be written leaves everything as it was", async () => {
  const root = await project()
  await mkdir(join(root, "migrations/0003_b.sql/x"), { recursive: true })
  await expect(applyChanges(root, "migrations", CHANGES)).rejects.toThrow()
  await rm(join(root, "migrations/0003_b.sql"), { recursive: true })
  expect(await folder(root)).toEqual(before)
})

test("kill -9 at any moment leaves the old files, the new ones, or what the next command finishes", async () => {
  const script = join(import.meta.dir, "../support/change-once.ts")
  const ends = new Set<string>()
  for (let i = 0; i < 25; i++) {
    const root = await project()
    const child = Bun.spawn([process.execPath, script, root, JSON.stringify(CHANGES)], { stdout: "pipe", stderr: "ignore" })
    await child.stdout.getReader().read() // it is about to write
    await Bun.sleep(i / 5)
    child.kill("SIGKILL")
    await child.exited
    await readMigrations(root, "migrations")
    const found = Object.fromEntries(Object.entries(await folder(root)).filter(([name]) => !name.includes(".nself")))
    ends.add(JSON.stringify(found))
    expect([JSON.stringify(before), JSON.stringify(after)]).toContain(JSON.stringify(found))
  }
  expect(ends.size).toBeGreaterThan(0)
}, 120_000)
