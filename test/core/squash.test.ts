import { expect, test } from "bun:test"
import { planUp } from "../../src/core/plan.ts"
import { seenThroughSquashes, squashesIn, squashLine, squashState } from "../../src/core/squash.ts"
import type { Applied, Migration } from "../../src/core/types.ts"

const hex = (letter: string): string => letter.repeat(64)
const row = (seq: number, name: string, sha256: string): Applied => ({ seq, name: `${String(seq).padStart(4, "0")}_${name}`, sha256, state: "applied", statementNo: null, runId: "r", appliedAt: new Date(0), durationMs: 1 })
const text = `-- x\n${["a", "b", "c"].map((name, i) => `-- ${squashLine({ name: `000${i + 1}_${name}`, sha256: hex(name) })}`).join("\n")}\n\nselect 1;`
const one: Migration = { seq: 3, name: "0003_squashed", up: { path: "0003_squashed.sql", text, sha256: hex("d") }, down: null, squashes: squashesIn(text) }
const next: Migration = { seq: 4, name: "0004_next", up: { path: "0004_next.sql", text: "", sha256: hex("e") }, down: null }
const [a, b, c] = [row(1, "a", hex("a")), row(2, "b", hex("b")), row(3, "c", hex("c"))]

test("the head of a squashed file says what it stands for", () => {
  expect(squashesIn(text).map(squash => squash.name)).toEqual(["0001_a", "0002_b", "0003_c"])
  expect(squashesIn("select '-- nself:squashes'")).toEqual([])
})

test.each<[string, readonly Applied[], string]>([
  ["an empty database", [], "fresh"],
  ["one that has all of them", [a, b, c], "done"],
  ["one in the middle", [a, b], "before"],
  ["one with another text", [a, row(2, "b", hex("f")), c], "altered"],
  ["one that ran the squashed file", [row(3, "squashed", hex("d"))], "fresh"],
])("%s", (_, ledger, state) => expect(squashState(one, ledger).state).toBe(state as never))

test("a database that has all of them goes on behind the squashed file", () => {
  expect(seenThroughSquashes([one, next], [a, b, c]).map(found => found.name)).toEqual(["0003_squashed"])
  expect(planUp([one, next], [a, b, c]).steps.map(step => step.name)).toEqual(["0004_next"])
  expect(planUp([one, next], []).steps.map(step => step.name)).toEqual(["0003_squashed", "0004_next"])
  expect(() => planUp([one, next], [a, b])).toThrow("the database is at 0002_b, and 0003_squashed.sql stands for 0001_a to 0003_c in one")
  expect(() => planUp([one], [a, row(2, "b", hex("f")), c])).toThrow("stands for 0002_b in another text than the database has")
})
