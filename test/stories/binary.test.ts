import { afterAll, beforeAll, expect, test } from "bun:test"
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const ROOT = resolve(import.meta.dir, "../..")
const BUILD = join(ROOT, ".cache", `bare-${process.pid}`)
let dir: string

/** Compiles in a copy whose node_modules is gone afterwards, so that nothing of the build is in reach of the binary. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "nself-bare-"))
  await mkdir(BUILD, { recursive: true })
  for (const part of ["src", "scripts", "migrations", "package.json", "tsconfig.json", "bunfig.toml"]) await cp(join(ROOT, part), join(BUILD, part), { recursive: true })
  const linked = Bun.spawnSync(["cp", "-al", join(ROOT, "node_modules"), join(BUILD, "node_modules")])
  expect(linked.exitCode).toBe(0)
  const built = Bun.spawnSync([process.execPath, "run", "scripts/build.ts"], { cwd: BUILD, stderr: "pipe" })
  expect(`${built.exitCode} ${built.exitCode === 0 ? "" : built.stderr}`.trim()).toBe("0")
  await cp(join(BUILD, "dist/nself"), join(dir, "nself"))
  await rm(BUILD, { recursive: true, force: true })
  await cp(join(ROOT, "examples/app"), join(dir, "app"), { recursive: true })
}, 300_000)
afterAll(async () => {
  await rm(BUILD, { recursive: true, force: true })
  await rm(dir, { recursive: true, force: true })
})

/** No PATH, no HOME, nothing but the binary. */
function nself(words: string): { code: number; out: string } {
  const run = Bun.spawnSync([join(dir, "nself"), ...words.split(" ")], { cwd: join(dir, "app"), env: {}, stderr: "pipe", stdin: "ignore" })
  return { code: run.exitCode, out: `${run.stdout}${run.exitCode === 0 ? "" : run.stderr}` }
}

test("the spec's whole story runs with the binary alone in a bare folder", () => {
  expect(nself("--version")).toMatchObject({ code: 0 })
  expect(nself("db migrate generate --name first_tables")).toMatchObject({ code: 0, out: expect.stringContaining("migrations/0001_first_tables.sql") })
  expect(nself("db migrate up")).toMatchObject({ code: 0, out: expect.stringContaining("Applied 1 migration. Database is now at version 0001.") })
  expect(nself("db migrate status")).toMatchObject({ code: 0, out: expect.stringContaining("[x] 0001_first_tables") })
  expect(nself("db migrate verify-checksums")).toMatchObject({ code: 0, out: expect.stringContaining("All checksums match.") })
  expect(nself("db migrate generate --name nothing")).toMatchObject({ code: 0, out: expect.stringContaining("Nothing to generate") })
  expect(nself("db migrate down")).toMatchObject({ code: 0, out: expect.stringContaining("Rolled back 1 migration.") })
  expect(nself("db migrate bogus").code).toBe(2)
}, 120_000)
