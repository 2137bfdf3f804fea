import { afterAll, expect, test } from "bun:test"
import { mkdtemp, mkdir, rm, symlink, readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readMigrations } from "../../src/files/migrations.ts"
import { readJournal } from "../../src/files/journal.ts"
import { writeMigration } from "../../src/files/write-migration.ts"

const made: string[] = []
afterAll(() => Promise.all(made.map(path => rm(path, { recursive: true, force: true }))))

async function project(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "nself-files-"))
  made.push(root)
  for (const [path, text] of Object.entries(files)) await Bun.write(join(root, "migrations", path), text)
  return root
}

test("up and down files are paired, CRLF and BOM do not change a checksum", async () => {
  const root = await project({ "0001_a.sql": "a;\nb;\n", "0002_b.sql": "\uFEFFa;\r\nb;\r\n", "0002_b.down.sql": "c;", "readme.md": "x" })
  const [a, b] = await readMigrations(root, "./migrations")
  expect(b!.up.sha256).toBe(a!.up.sha256)
  expect(b!.up.text).toBe("a;\nb;\n")
  expect([a!.down, b!.down?.path]).toEqual([null, "migrations/0002_b.down.sql"])
  expect(a!.up.sha256).toBe(new Bun.CryptoHasher("sha256").update("a;\nb;\n").digest("hex"))
})

test("a folder that is not there has no migrations", async () => {
  expect(await readMigrations(await project(), "migrations")).toEqual([])
})

test.each<[string, string, string | Uint8Array, string]>([
  ["an empty file", "0001_a.sql", " \n", "migrations/0001_a.sql is empty"],
  ["a file that is not UTF-8", "0001_a.sql", new Uint8Array([0x73, 0xe9, 0x73]), "migrations/0001_a.sql is not UTF-8"],
  ["a NUL", "0001_a.sql", "select\0 1", "migrations/0001_a.sql holds a NUL byte at offset 6"],
  ["a name without number", "add_x.sql", "x", "migrations/add_x.sql is not named like a migration"],
  ["a down file alone", "0001_a.down.sql", "x", "migrations/0001_a.down.sql has no 0001_a.sql beside it"],
])("%s is refused by name", async (_, name, text, said) => {
  const root = await project({ [name]: text })
  await expect(readMigrations(root, "migrations")).rejects.toThrow(said)
})

test("a file over 64 MB is refused", async () => {
  const root = await project({ "0001_a.sql": new Uint8Array(64 * 1024 * 1024 + 1).fill(32) })
  await expect(readMigrations(root, "migrations")).rejects.toThrow("larger than 64 MB")
})

test("a link out of the project is refused, one inside is read", async () => {
  const root = await project({ "../elsewhere.txt": "select 1;" })
  await mkdir(join(root, "migrations"))
  await symlink(join(root, "elsewhere.txt"), join(root, "migrations/0001_a.sql"))
  expect((await readMigrations(root, "migrations"))[0]!.up.text).toBe("select 1;")
  await symlink("/etc/hostname", join(root, "migrations/0002_b.sql"))
  await expect(readMigrations(root, "migrations")).rejects.toThrow("migrations/0002_b.sql is a link to a file outside the project")
})

test("a migrations folder beside the project is read and written", async () => {
  const root = join(await project(), "app")
  await mkdir(root)
  await writeMigration(root, "../db/migrations", { name: "0001_a", up: "create;\n", down: "drop;\n", snapshot: null, when: 7 })
  expect((await readMigrations(root, "../db/migrations")).map(file => file.up.path)).toEqual(["../db/migrations/0001_a.sql"])
})

test("a migration is written whole: files, snapshot, journal with checksums", async () => {
  const root = await project()
  const written = await writeMigration(root, "migrations", { name: "0001_a", up: "create;\n", down: "drop;\n", snapshot: { id: "x" }, when: 7 })
  expect(written).toEqual(["migrations/0001_a.sql", "migrations/0001_a.down.sql", "migrations/meta/0001_snapshot.json", "migrations/meta/_journal.json"])
  const [file] = await readMigrations(root, "migrations")
  expect((await readJournal(root, "migrations")).entries[0]).toEqual({
    idx: 0, version: "7", when: 7, tag: "0001_a", breakpoints: true, checksum: `sha256:${file!.up.sha256}`, downChecksum: `sha256:${file!.down!.sha256}`,
  })
  expect((await readdir(join(root, "migrations/meta"))).toSorted()).toEqual(["0001_snapshot.json", "_journal.json"])
})

test("ten writers at once: one takes the number, nine are told, the journal is whole", async () => {
  const root = await project()
  const names = Array.from({ length: 10 }, (_, i) => `0001_w${i}`)
  const ends = await Promise.allSettled(names.map(name => writeMigration(root, "migrations", { name, up: `-- ${name}`, down: "-- down", snapshot: null, when: 1 })))
  expect(ends.filter(end => end.status === "fulfilled")).toHaveLength(1)
  expect(ends.filter(end => end.status === "rejected").map(end => String(end.reason.message))).toEqual(Array(9).fill(expect.stringContaining("number 0001 was taken meanwhile")))
  const files = await readMigrations(root, "migrations")
  expect((await readJournal(root, "migrations")).entries.map(entry => entry.tag)).toEqual(files.map(file => file.name))
})

test("a file that is in the way: nothing of the group is left", async () => {
  const root = await project({ "meta/0001_snapshot.json": "{}" })
  await expect(writeMigration(root, "migrations", { name: "0001_a", up: "a", down: "b", snapshot: {}, when: 1 })).rejects.toThrow("cannot write migrations/meta/0001_snapshot.json: it is already there")
  expect(await readMigrations(root, "migrations")).toEqual([])
  expect((await readdir(join(root, "migrations"))).toSorted()).toEqual(["meta"])
})

const writer = `
  import { writeMigration } from "${join(import.meta.dir, "../../src/files/write-migration.ts")}"
  const up = "-- x".repeat(100_000)
  await writeMigration(process.argv[1], "migrations", { name: "0001_a", up, down: "-- d", snapshot: {}, when: 1 }).then(
    () => console.log("written"), error => console.log(error.exit, error.message))`

async function runWriter(root: string, before: readonly string[]): Promise<string> {
  const child = Bun.spawn([...before, process.execPath, "-e", writer, root], { stdout: "pipe", stderr: "inherit" })
  return (await new Response(child.stdout).text()).trim()
}

test("a disk that refuses in the middle of a file leaves nothing behind", async () => {
  const root = await project()
  const said = await runWriter(root, ["sh", "-c", `trap '' XFSZ; ulimit -f 8; exec "$@"`, "sh"])
  expect(said).toBe("failed cannot write migrations/0001_a.sql: the file would be larger than this system allows (EFBIG)")
  expect((await readdir(join(root, "migrations"), { recursive: true })).toSorted()).toEqual(["meta"])
})

test("a read-only folder is said and nothing is written", async () => {
  const root = await project({ "meta/_journal.json": `{"version":"7","dialect":"postgresql","entries":[]}` })
  const asSomebody = process.getuid?.() === 0 ? ["setpriv", "--reuid", "65534", "--clear-groups"] : []
  await Bun.$`chmod 755 ${root} && chmod -R a-w ${root}`.quiet()
  const said = await runWriter(root, asSomebody)
  await Bun.$`chmod -R u+w ${root}`.quiet()
  expect(said).toBe("failed cannot write migrations/meta/.lock: no right to do that (EACCES)")
  expect((await readdir(join(root, "migrations"), { recursive: true })).toSorted()).toEqual(["meta", "meta/_journal.json"])
})
