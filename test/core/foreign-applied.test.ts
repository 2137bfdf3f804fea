import { expect, test } from "bun:test"
import { appliedForeign } from "../../src/core/foreign-applied.ts"
import type { Foreign } from "../../src/core/foreign.ts"

const file = (id: string, hash: string, when: number): Foreign => ({ id, slug: id, seq: null, path: `${id}.sql`, up: "", down: null, hashes: [hash, `${hash}-crlf`], when, snapshot: null, alone: false })
const names = (files: Iterable<Foreign>): string => [...files].map(one => one.id).join(" ")

test("what was applied is decided by hash, never by time: an older file that has no row is not applied", () => {
  const files = [file("a", "1", 100), file("late", "2", 50), file("b", "3", 200)]
  const { applied, altered, unknown } = appliedForeign(files, [{ id: null, hash: "1", when: 100 }, { id: null, hash: "3-crlf", when: 200 }])
  expect([names(applied), names(altered), unknown]).toEqual(["a b", "", []])
})

test("a file that was altered since is known by its time, where only one has it", () => {
  const files = [file("a", "1", 100), file("b", "2", 200), file("c", "3", 200)]
  const { applied, altered, unknown } = appliedForeign(files, [{ id: null, hash: "old", when: 100 }, { id: null, hash: "older", when: 200 }])
  expect([names(applied), names(altered), unknown]).toEqual(["a", "a", ["older"]])
})

test("a name counts before a hash, a number alone is enough", () => {
  const files = [file("20240101000000_a", "1", 1), file("20240102000000_b", "1", 2)]
  expect(names(appliedForeign(files, [{ id: "20240102000000", hash: null, when: null }]).applied)).toBe("20240102000000_b")
  expect(names(appliedForeign(files, [{ id: "20240102000000_b", hash: "1", when: 9 }]).applied)).toBe("20240102000000_b")
})

test("one text noted twice is no unknown row", () => {
  const { applied, unknown } = appliedForeign([file("a", "1", 1)], [{ id: null, hash: "1", when: 1 }, { id: null, hash: "1", when: 1 }])
  expect([names(applied), unknown]).toEqual(["a", []])
})
