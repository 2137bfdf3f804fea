import { expect, test } from "bun:test"
import { verdictOf, type Check } from "../../src/core/health/check.ts"
import { activityCheck, constraintsCheck, indexesCheck, isLeftover } from "../../src/core/health/objects.ts"
import { ledgerCheck, pendingCheck } from "../../src/core/health/ledger.ts"
import { diskCheck, environmentCheck, type EnvironmentFacts } from "../../src/core/health/project.ts"
import { extensionsCheck, poolerCheck, rightsCheck, serverCheck, settingsCheck, tlsCheck } from "../../src/core/health/server.ts"
import { findingsOf } from "../../src/core/tamper.ts"
import type { Applied, Migration } from "../../src/core/types.ts"

const said = ({ state, summary, next }: Check): string => `${state}: ${summary}${next === null ? "" : ` → ${next}`}`
const server = { engine: "PostgreSQL 18.4", label: "app@db:5432/app", embedded: false, user: "app", superuser: false, standby: false, readOnly: false, encoding: "UTF8" }
const environment: EnvironmentFacts = { name: "dev", saidBy: "default", files: [".env"], origins: [], readable: [], tracked: [], hostile: [] }
const settings = { lockTimeout: "0", statementTimeout: "0", idleTimeout: "0", lockSlots: 6400, maxLocksPerTransaction: 64, relations: 12 }
const rights = { user: "app", schema: "public", exists: true, usage: true, create: true, createInDatabase: true, foreign: [] }
const tls = { embedded: false, local: false, tls: { version: "TLSv1.3", cipher: "AES" }, verified: true }

test.each<[string, Check, string]>([
  ["a standby", serverCheck({ ...server, standby: true }), "fail: app@db:5432/app is a standby"],
  ["a read-only role", serverCheck({ ...server, readOnly: true }), "fail: sessions at app@db:5432/app are read-only"],
  ["SQL_ASCII", serverCheck({ ...server, encoding: "SQL_ASCII" }), "warn: app@db:5432/app (PostgreSQL 18.4) has encoding SQL_ASCII"],
  ["TLS that nobody checks", tlsCheck({ ...tls, verified: false }), "warn: TLSv1.3, but the server's certificate is not checked"],
  ["TLS to this machine, unchecked", tlsCheck({ ...tls, verified: false, local: true }), "pass: TLSv1.3"],
  ["no TLS to another machine", tlsCheck({ ...tls, tls: null }), "fail: the connection to another machine is not encrypted"],
  ["no TLS on this machine", tlsCheck({ ...tls, tls: null, local: true }), "pass: not used"],
  ["a pooler", poolerCheck(true), "warn: a pooler (PgBouncer in transaction mode)"],
  ["too few locks", settingsCheck({ ...settings, relations: 9000 }), "warn: the server has room for 6400 locks, and there are 9000 relations: pg_dump or a reset of all would fail → max_locks_per_transaction = 192"],
  ["locks enough", settingsCheck(settings), "pass: room for 6400 locks"],
  ["a schema that is missing", rightsCheck({ ...rights, exists: false }), "fail: schema public does not exist"],
  ["no CREATE", rightsCheck({ ...rights, create: false }), "fail: role app may not create tables in schema public → as its owner: GRANT USAGE, CREATE ON SCHEMA public TO app"],
  ["others' tables", rightsCheck({ ...rights, foreign: [{ name: "a", owner: "root" }, { name: "b", owner: "root" }] }), "warn: 2 relations in public cannot be altered by app: root owns them"],
  ["no CREATE on the database", rightsCheck({ ...rights, createInDatabase: false }), "pass: app may create and alter in public, but not make schemas or extensions"],
  ["an extension the server has not", extensionsCheck({ wanted: [{ name: "postgis", applied: false }], installed: [], available: ["citext"] }), "fail: the server does not have postgis"],
  ["an extension that is gone", extensionsCheck({ wanted: [{ name: "citext", applied: true }], installed: [], available: ["citext"] }), "fail: citext was created by an applied migration and is not there → CREATE EXTENSION citext"],
  ["an extension that comes", extensionsCheck({ wanted: [{ name: "citext", applied: false }], installed: [], available: ["citext"] }), "pass: wanted and had: none yet; available for pending migrations: citext"],
  ["hostile variables", environmentCheck({ ...environment, hostile: ["BUN_OPTIONS"] }), "warn: BUN_OPTIONS in the environment can run other code"],
  ["a readable file", environmentCheck({ ...environment, readable: [".env"] }), "warn: everybody on this machine can read the passwords in .env → chmod 600 .env"],
  ["a full disk", diskCheck([{ what: "the project", free: 1e6, used: null }]), "fail: the project: only 1 MB free"],
  ["a tight disk", diskCheck([{ what: "the server's data directory", free: 2e9, used: 9e9 }]), "warn: the server's data directory: 2.0 GB free, less than the database takes"],
  ["a disk out of sight", diskCheck([{ what: "the server's data directory", free: null, used: 9e9 }]), "pass: enough room"],
  ["an index that is built", indexesCheck([{ schema: "public", name: "i", table: "t", building: true }]), "pass: 1 index is being built"],
  ["a leftover", indexesCheck([{ schema: "public", name: "i_ccnew1", table: "t", building: false }]), 'fail: 1 index is INVALID: PostgreSQL keeps it up to date and never uses it → DROP INDEX CONCURRENTLY "public"."i_ccnew1"'],
  ["a broken index", indexesCheck([{ schema: "public", name: "i", table: "t", building: false }]), 'fail: 1 index is INVALID: PostgreSQL keeps it up to date and never uses it → REINDEX INDEX CONCURRENTLY "public"."i"'],
  ["NOT VALID", constraintsCheck([{ schema: "public", table: "t", name: "k" }]), 'warn: 1 constraint is NOT VALID: old rows were never checked → ALTER TABLE "public"."t" VALIDATE CONSTRAINT "k"'],
  ["a long transaction", activityCheck({ transactions: [{ pid: 7, ageMs: 61_000, text: "pid 7" }], prepared: [], migrating: null }), "warn: 1 transaction is open for more than a minute; a migration of their tables would wait → let it end, or: SELECT pg_terminate_backend(7)"],
  ["a short transaction", activityCheck({ transactions: [{ pid: 7, ageMs: 59_000, text: "pid 7" }], prepared: [], migrating: null }), "pass: 1 short transaction open"],
  ["a forgotten prepared transaction", activityCheck({ transactions: [], prepared: [{ gid: "it's", ageMs: 1e6 }], migrating: null }), "warn: 1 prepared transaction holds locks until somebody ends it → ROLLBACK PREPARED 'it''s', if nobody will commit it"],
  ["another runner", activityCheck({ transactions: [], prepared: [], migrating: "pid 9" }), "warn: another runner is migrating right now"],
])("%s", (_, check, text) => {
  expect(said(check)).toStartWith(text)
})

const file = (seq: number): Migration => ({ seq, name: `000${seq}_m`, up: { path: `migrations/000${seq}_m.sql`, text: "", sha256: "a" }, down: null })
const row = (seq: number, more: Partial<Applied> = {}): Applied => ({ seq, name: `000${seq}_m`, sha256: "a", state: "applied", statementNo: null, runId: "", appliedAt: new Date(0), durationMs: 1, ...more })

test.each<[string, Check, string]>([
  ["tables and no ledger", ledgerCheck({ files: [file(1)], ledger: null, tables: 3, findings: [] }), "warn: there are 3 tables and no ledger"],
  ["half applied", ledgerCheck({ files: [file(1)], ledger: [row(1, { state: "running", statementNo: 2 })], tables: 1, findings: [] }), "fail: 0001_m is only half applied → nself db migrate up"],
  ["a row without its file", ledgerCheck({ files: [], ledger: [row(1)], tables: 1, findings: findingsOf([], [row(1)], []) }), "fail: 0001_m is in the ledger np_migrations, and there is no such file in this folder → update this checkout (git pull)"],
  ["another name", ledgerCheck({ files: [file(1)], ledger: [row(1, { name: "0001_other" })], tables: 1, findings: [] }), "fail: the database has 0001_other as 0001, this folder has 0001_m"],
  ["all well", ledgerCheck({ files: [file(1)], ledger: [row(1)], tables: 1, findings: [] }), "pass: 1 migration applied, the database is at version 0001"],
  ["a late file", pendingCheck({ files: [file(1), file(2)], ledger: [row(2)] }), "fail: 0001_m is older than the last applied migration"],
  ["a pending file", pendingCheck({ files: [file(1), file(2)], ledger: [row(1)] }), "warn: the database is behind by 1 migration → nself db migrate up"],
])("%s", (_, check, text) => {
  expect(said(check)).toStartWith(text)
})

test("the worst finding is the verdict, and what was skipped decides nothing", () => {
  const [pass, warn, fail] = [poolerCheck(false), poolerCheck(true), tlsCheck({ ...tls, tls: null })]
  expect(verdictOf([pass, { ...pass, state: "skip" }])).toBe("ok")
  expect(verdictOf([pass, warn])).toBe("warnings")
  expect(verdictOf([warn, fail, pass])).toBe("unhealthy")
})

test("only the names that REINDEX CONCURRENTLY gives are leftovers", () => {
  const named = (name: string) => isLeftover({ schema: "public", name, table: "t", building: false })
  expect(["a_ccnew", "a_ccold", "a_ccnew1", "a_ccnews", "ccnew", "a_ccnew_x"].map(named)).toEqual([true, true, true, false, false, false])
})
