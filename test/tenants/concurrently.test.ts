import { afterEach, expect, test } from "bun:test"
import { join } from "node:path"
import { ask } from "../support/migrating.ts"
import { project, runNself } from "../support/nself.ts"
import { startCluster } from "../support/server.ts"
import { tenantNames } from "./support.ts"

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(cleanups.splice(0).map(clean => clean()))))

/** What the index and the table of every tenant take, so that two at once would be seen. */
const FILES = {
  "migrations/0001_docs.sql": `CREATE TABLE "docs" ("id" int);\nSELECT pg_sleep(0.03);\n`,
  "migrations/0002_index.sql": `CREATE INDEX CONCURRENTLY "docs_id" ON "docs" ("id");\n`,
}

/**
 * The most statements of this kind that ran at once, from the server's own log: `log_statement` writes a line before a statement begins, `log_duration`
 * one when it is over and before the client hears of it. No clocks are compared, only the order of the lines.
 */
function mostAtOnce(log: string, statement: RegExp): { readonly most: number; readonly ran: number } {
  const running = new Set<string>()
  let [most, ran] = [0, 0]
  for (const entry of log.split(/^(?=\[\d+\] )/m)) {
    const [, pid, what] = /^\[(\d+)\] LOG: {2}([\s\S]*)/.exec(entry) ?? []
    if (pid === undefined || what === undefined) continue
    if (what.startsWith("duration: ")) running.delete(pid)
    else if (/^(statement|execute \S+): /.test(what) && statement.test(what)) {
      running.add(pid)
      ran += 1
      most = Math.max(most, running.size)
    }
  }
  return { most, ran }
}

test("an index is built CONCURRENTLY at one tenant at a time, whatever --concurrency says; what can run side by side does", async () => {
  await using cluster = await startCluster(18, { log_statement: "all", log_duration: "on", log_line_prefix: "[%p] " })
  const names = tenantNames(24)
  await ask(cluster.url, names.map(name => `create schema ${name}`).join(";"))
  const { dir, remove } = await project(FILES)
  cleanups.push(remove)
  const ran = await runNself(dir, "db migrate up --all-tenants --concurrency 6 --json", { env: { DATABASE_URL: cluster.url } })
  expect([ran.exit, (JSON.parse(ran.stdout) as { data: { counts: unknown } }).data.counts]).toEqual([0, { applied: 24, already: 0, failed: 0, skipped: 0, planned: 0 }])
  expect(await ask(cluster.url, "select from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = 'docs_id' and i.indisvalid")).toHaveLength(24)

  const log = await Bun.file(join(cluster.data, "../log")).text()
  expect(mostAtOnce(log, /CREATE INDEX CONCURRENTLY/)).toEqual({ most: 1, ran: 24 })
  const tables = mostAtOnce(log, /CREATE TABLE "docs"/)
  expect(tables.ran).toBe(24)
  expect(tables.most).toBeGreaterThan(1) // else nothing above says anything
  expect(tables.most).toBeLessThanOrEqual(6)
}, 60_000)
