import { afterAll, expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { site, tenantNames, type Site } from "../../tenants/support.ts"
import { startServer } from "../../support/server.ts"

let at: Site
afterAll(() => at.remove())

test("24: status of all tenants in at most five questions, however many there are, the odd ones by name", async () => {
  const names = tenantNames(160)
  at = await site(names)
  await at.run("db migrate up --all-tenants --to 0001 --fast-commit")
  for (const slug of ["0007", "0150"]) await at.run(`db migrate up --tenant ${slug}`)
  await at.sql("drop schema tenant_0099 cascade; create schema tenant_0099")
  await at.sql(`update tenant_0042.np_migrations set checksum = 'x'; alter database ${at.url.split("/").at(-1)} set log_statement = 'all'`)
  const log = join((await startServer(18)).socketDir, "log")
  const before = (await readFile(log, "utf8")).length
  const said = await at.run("db migrate status --all-tenants")
  const asked = (await readFile(log, "utf8")).slice(before).split("\n").filter(line => /LOG: {2}(statement|execute )/.test(line))
  // a new connection asks who it speaks to; that is no question about tenants
  const questions = asked.filter(line => !/select version\(\)|server_version_num/.test(line))
  expect(questions.length).toBeGreaterThan(0)
  expect(questions.length).toBeLessThanOrEqual(5)
  expect(said.exit).toBe(0)
  expect(said.stdout).toContain("0001_users         156 tenants  1 pending: 0001, 0002,")
  expect(said.stdout).toMatch(/0002_docs +2 tenants {2}up to date: 0007, 0150\n/)
  expect(said.stdout).toMatch(/0001_users +1 tenant {3}1 pending, 0001_users was altered: 0042\n/)
  expect(said.stdout).toMatch(/\(nothing applied\) +1 tenant {3}2 pending: 0099\n/)
  expect(said.stdout).toContain("158 tenants are behind: nself db migrate up --all-tenants")
}, 60_000)
