import { expect, test } from "bun:test"
import { Fault } from "../../src/core/fault.ts"
import { checkName, nextSeq, pad, parseFileName, parseVersion } from "../../src/core/name.ts"

test.each<[string, ReturnType<typeof parseFileName>]>([
  ["0003_add.sql", { seq: 3, name: "0003_add", down: false }],
  ["0003_add.down.sql", { seq: 3, name: "0003_add", down: true }],
  ["0000_silly_name.sql", { seq: 0, name: "0000_silly_name", down: false }],
  ["20240101120000_x.sql", { seq: 20240101120000, name: "20240101120000_x", down: false }],
  ["12345_x-Y.sql", { seq: 12345, name: "12345_x-Y", down: false }],
  ["3_add.sql", null], ["0003.sql", null], ["0003_.sql", null], ["0003_a b.sql", null], ["0003_a.txt", null], ["../0003_a.sql", null], ["0003_a.up.sql", null],
])("file name %s", (file, expected) => {
  expect(parseFileName(file)).toEqual(expected)
})

test.each<[string, string]>([
  ["add documents", "--name add_documents"],
  ["../x", "--name x"],
  ["naïve", "--name naive"],
  ["a.down", "--name a_down"],
  ["", "--name add_documents_table"],
  ["//", "--name add_documents_table"],
  ["x".repeat(300), `--name ${"x".repeat(180)}`],
])("name %j is refused with a corrected form", (name, hint) => {
  expect(() => checkName(name)).toThrow(Fault)
  try {
    checkName(name)
  } catch (error) {
    expect((error as Fault).hint).toBe(hint)
  }
})

test.each([["add_documents_table"], ["fix_drift_from_20260507"], ["A-b_1"]])("name %s is taken", name => {
  expect(checkName(name)).toBe(name)
})

test.each<[string, number]>([["0003", 3], ["3", 3], ["0", 0], ["0003_add_x", 3], ["0003_add_x.sql", 3]])("version %s", (typed, seq) => {
  expect(parseVersion(typed)).toBe(seq)
})

test.each([["abc"], ["-1"], ["1e5"], ["3.5"], [""], ["0003;"], ["99999999999999999999"]])("version %j is a usage error", typed => {
  expect(() => parseVersion(typed)).toThrow("not a migration number")
})

test("numbers", () => {
  expect([pad(3), pad(12345)]).toEqual(["0003", "12345"])
  expect([nextSeq([]), nextSeq([0]), nextSeq([1, 7, 3])]).toEqual([1, 1, 8])
})
