import { expect, test } from "bun:test"
import { claimOf, devOnlyFault, markFault, type Claim, type EnvironmentMark } from "../../src/core/environment-mark.ts"
import { migration } from "../support/migrating.ts"

const first = migration(1, "select 1;")
const other = migration(1, "select 2;")
const mark = (environment: string, file = first): EnvironmentMark => ({ environment, projectId: file.up.sha256, projectName: file.name, markedAt: new Date("2026-05-01") })
const claim = (environment: string, file = first): Claim => ({ ...claimOf(environment, { files: [file], journal: {} }, []), related: false })

test.each<[string, EnvironmentMark | null, Claim, string | null]>([
  ["no mark", null, claim("prod"), null],
  ["the same", mark("prod"), claim("prod"), null],
  ["another environment", mark("prod"), claim("dev"), "this database is marked prod (since 2026-05-01), and `nself db migrate up` was told that it is dev; nothing was changed"],
  ["another project", mark("dev", other), claim("dev"), "this database belongs to another project: its history began with 0001_test (id b1bd6d0bfa37), this folder's with 0001_test (id 354b7196c9ba); nothing was changed"],
  ["another first migration, but a ledger in common", mark("dev", other), { ...claim("dev"), related: true }, null],
  ["a mark from before the first migration", { ...mark("dev"), projectId: null }, claim("dev"), null],
  ["a folder without migrations", mark("dev"), claimOf("dev", { files: [], journal: {} }, []), null],
])("mark: %s", (_, marked, claimed, said) => expect(markFault(marked, claimed, "db migrate up")?.message ?? null).toBe(said))

test("the journal's id is the project; without one it is the first migration, and a file of that name is the same file, altered", () => {
  const [mine, altered] = [{ files: [first], journal: { project: "uuid" } }, { files: [other], journal: {} }]
  const row = { seq: 1, name: first.name, sha256: first.up.sha256, state: "applied", statementNo: null, runId: "r", appliedAt: new Date(), durationMs: 1 } as const
  expect(claimOf("dev", mine, [row])).toEqual({ environment: "dev", project: { id: "uuid", name: "0001_test" }, related: true })
  expect(claimOf("dev", altered, [row])).toEqual({ environment: "dev", project: { id: other.up.sha256, name: "0001_test" }, related: true })
  expect(claimOf("dev", { ...altered, journal: { project: "uuid" } }, [row]).related).toBe(false)
})

test.each<[string, EnvironmentMark | null, Claim, boolean, string | null]>([
  ["here, no mark", null, claim("dev"), true, null],
  ["elsewhere, no mark", null, claim("dev"), false, "not on this machine and carries no mark"],
  ["elsewhere, marked dev", mark("dev"), claim("dev"), false, null],
  ["a test run on a dev database", mark("dev"), claim("test"), true, null],
  ["prod by --env", mark("dev"), claim("prod"), true, "is for dev only, and this is prod"],
  ["prod by the mark", mark("prod"), claim("dev"), true, "this database is marked prod"],
  ["staging by the mark", mark("staging"), claim("dev"), true, "this database is marked staging"],
  ["another project", mark("dev", other), claim("dev"), true, "belongs to another project"],
])("dev only: %s", (_, marked, claimed, local, said) => {
  const fault = devOnlyFault(marked, claimed, local, "db migrate reset")
  if (said === null) expect(fault).toBeNull()
  else expect(fault?.message).toContain(said)
})
