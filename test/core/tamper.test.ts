import { expect, test } from "bun:test"
import { findingsOf, type Noted } from "../../src/core/tamper.ts"
import type { Applied } from "../../src/core/types.ts"
import { migration } from "../support/migrating.ts"

const files = [1, 2, 3].map(seq => migration(seq, `select ${seq};`))
const row = (seq: number, more: Partial<Applied> = {}): Applied => ({ seq, name: files[seq - 1]!.name, sha256: files[seq - 1]!.up.sha256, state: "applied", statementNo: null, runId: "r", appliedAt: new Date(0), durationMs: 1, ...more })
const noted = (version: number, more: Partial<Noted> = {}): Noted => ({ version, name: files[version - 1]!.name, after: files[version - 1]!.up.sha256, at: new Date("2026-05-01T10:00:00Z"), by: "app", ...more })
const all = [1, 2, 3]

test.each<[string, readonly Applied[] | null, readonly Noted[], readonly string[]]>([
  ["nothing happened yet", null, [], []],
  ["all as it was written", all.map(seq => row(seq)), all.map(seq => noted(seq)), []],
  ["a ledger from before the audit table", all.map(seq => row(seq)), [], []],
  ["taken back by nself", [row(1), row(2)], [noted(1), noted(2), noted(3, { after: null })], []],
  ["a dropped ledger", null, all.map(seq => noted(seq)), ["ledger gone"]],
  ["an emptied ledger", [], all.map(seq => noted(seq)), ["ledger gone"]],
  ["a row in the middle is gone", [row(1), row(3)], all.map(seq => noted(seq)), ["row gone"]],
  ["the last row is gone", [row(1), row(2)], all.map(seq => noted(seq)), ["row gone"]],
  ["a row's checksum was edited", [row(1), row(2, { sha256: "0".repeat(64) })], [noted(1), noted(2)], ["row edited"]],
  ["a row's name was edited", [row(1, { name: "0001_other" })], [noted(1)], ["row edited"]],
  ["a row that is being worked on", [row(1, { state: "running", sha256: "1" })], [noted(1)], []],
])("%s", (_, ledger, audit, kinds) => expect(findingsOf(files, ledger, audit).map(one => one.kind) as string[]).toEqual([...kinds]))

test("a row without a file", () => expect(findingsOf(files.slice(0, 1), [row(1), row(2)], [noted(1), noted(2)]).map(one => one.kind)).toEqual(["row without file"]))
