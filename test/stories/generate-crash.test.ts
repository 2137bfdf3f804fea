import { afterEach, expect, test } from "bun:test"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { drizzleProject, type DrizzleProject } from "../support/drizzle-project.ts"
import { runNself } from "../support/nself.ts"

const made: DrizzleProject[] = []
afterEach(async () => void (await Promise.all(made.splice(0).map(at => at.remove()))))

async function project(): Promise<DrizzleProject> {
  const at = await drizzleProject()
  made.push(at)
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey() })\n`)
  return at
}

interface Entry { readonly tag: string; readonly checksum: string; readonly downChecksum: string }

/** Names in the journal, each with its files whole; throws where the journal is not JSON or a file is not there or is half there. */
function journalOf(at: DrizzleProject): string[] {
  const path = join(at.dir, "migrations/meta/_journal.json")
  if (!existsSync(path)) return []
  const { entries } = JSON.parse(readFileSync(path, "utf8")) as { readonly entries: readonly Entry[] }
  for (const { tag, checksum, downChecksum } of entries) {
    expect(hash(at, `${tag}.sql`)).toBe(checksum)
    expect(hash(at, `${tag}.down.sql`)).toBe(downChecksum)
  }
  return entries.map(entry => entry.tag)
}

const hash = (at: DrizzleProject, file: string) => `sha256:${new Bun.CryptoHasher("sha256").update(readFileSync(join(at.dir, "migrations", file))).digest("hex")}`
const ups = (at: DrizzleProject) => readdirSync(join(at.dir, "migrations")).filter(name => name.endsWith(".sql") && !name.endsWith(".down.sql")).map(name => name.slice(0, -4)).toSorted()

test("#75 ten people generate at once: whoever is late is told, numbers are unique, the journal is whole", async () => {
  const at = await project()
  const ends = await Promise.all(Array.from({ length: 10 }, (_, i) => runNself(at.dir, `db migrate generate --custom --name w${i}`)))
  const [won, late] = [ends.filter(end => end.exit === 0), ends.filter(end => end.exit !== 0)]
  expect(won.length).toBeGreaterThan(0)
  for (const end of late) expect({ exit: end.exit, said: end.stderr }).toEqual({ exit: 6, said: expect.stringContaining("was taken meanwhile") })
  expect(journalOf(at)).toEqual(ups(at))
  expect(ups(at)).toHaveLength(won.length)
  expect(new Set(ups(at).map(name => name.slice(0, 4))).size).toBe(won.length)
})

test("#75 four that prove the same schema at once: one migration is written", async () => {
  const at = await project()
  const ends = await Promise.all(Array.from({ length: 4 }, (_, i) => runNself(at.dir, `db migrate generate --name same${i}`)))
  expect(journalOf(at)).toHaveLength(1)
  expect(ends.filter(end => end.exit === 0 && end.stdout.includes("Generated:"))).toHaveLength(1)
  await at.run("db migrate generate --check")
})

/** Bun's own start and nself's work until it writes take this long; kills are spread over it. Milliseconds. */
const SPREAD_MS = 160

test("#76 generate is killed with -9 sixty times: the journal is the old one or the new one, and the next generate goes on", async () => {
  const at = await project()
  let before: string[] = []
  let orphans = 0
  for (let i = 0; i < 60; i++) {
    const child = Bun.spawn([process.execPath, "--no-env-file", join(import.meta.dir, "../../src/main.ts"), "db", "migrate", "generate", "--custom", "--name", `k${i}`], {
      cwd: at.dir, env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/" }, stdin: "ignore", stdout: "ignore", stderr: "ignore",
    })
    await Bun.sleep((i / 60) * SPREAD_MS)
    child.kill("SIGKILL")
    await child.exited
    const now = journalOf(at)
    expect([before.length, before.length + 1]).toContain(now.length)
    expect(now.slice(0, before.length)).toEqual(before)
    const stray = existsSync(join(at.dir, "migrations")) ? ups(at).filter(name => !now.includes(name)) : []
    if (stray.length > 0) {
      orphans++
      await at.run("db migrate journal rebase")
      expect(journalOf(at)).toEqual(ups(at))
    }
    before = journalOf(at)
  }
  const from = performance.now()
  await at.run("db migrate generate --custom --name last")
  expect(performance.now() - from).toBeLessThan(8_000) // no waiting for a lock that a dead process left
  expect(journalOf(at)).toEqual([...before, expect.stringMatching(/_last$/)])
  await at.run("db migrate verify-checksums --offline")
  expect(readdirSync(join(at.dir, "migrations/meta")).filter(name => name === ".lock")).toEqual([])
  expect(orphans).toBeLessThan(60)
})
