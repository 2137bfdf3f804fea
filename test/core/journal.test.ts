import { expect, test } from "bun:test"
import { appendEntry, checkJournal, EMPTY_JOURNAL, journalText, matchJournal, parseJournal, parseSides } from "../../src/core/journal.ts"
import type { Migration } from "../../src/core/types.ts"

const file = (seq: number, name: string, sha256 = "aa"): Migration => ({ seq, name, up: { path: `${name}.sql`, text: "x", sha256 }, down: null })
const entries = (...tags: readonly string[]): string => JSON.stringify({ version: "7", dialect: "postgresql", entries: tags.map((tag, idx) => ({ idx, version: "7", when: 1, tag, breakpoints: true })) })

test.each<[string, string, string]>([
  ["not JSON", "{", "m/_journal.json: not JSON"],
  ["empty", "", "m/_journal.json: not JSON"],
  ["no entries", "{}", "m/_journal.json: it has no list of entries"],
  ["null", "null", "m/_journal.json: it has no list of entries"],
  ["git markers", "{\n<<<<<<< HEAD\n", "m/_journal.json:2: git conflict markers"],
  ["another dialect", `{"dialect":"mysql","entries":[]}`, "the journal is for mysql"],
  ["a tag that is a path", entries("../../etc/passwd"), `the tag "../../etc/passwd", which is no migration name`],
  ["a tag without number", entries("x"), `the tag "x"`],
  ["an entry without tag", `{"entries":[{}]}`, "entry 0 has no tag"],
  ["a tag twice", entries("0001_a", "0001_a"), "0001_a is listed twice"],
])("a journal that is %s is refused", (_, text, said) => {
  expect(() => parseJournal(text, "m/_journal.json")).toThrow(said)
})

test("drizzle-kit's journal is read, and what was read is written again, a line an entry", () => {
  const text = JSON.stringify(JSON.parse(entries("0000_a", "0001_b")), null, 2)
  const written = journalText(parseJournal(text, "j"))
  expect(JSON.parse(written)).toEqual(JSON.parse(text))
  expect(journalText(parseJournal(written, "j"))).toBe(written)
  expect(written.split("\n")[4]).toBe(`    { "idx": 0, "version": "7", "when": 1, "tag": "0000_a", "breakpoints": true },`)
})

test("an entry is added at the end with both checksums", () => {
  const journal = appendEntry(parseJournal(entries("0000_a"), "j"), { tag: "0001_b", when: 5, checksum: "sha256:1", downChecksum: "sha256:2" })
  expect(journal.entries[1]).toEqual({ idx: 1, version: "7", when: 5, tag: "0001_b", breakpoints: true, checksum: "sha256:1", downChecksum: "sha256:2" })
})

test("a journal and a folder must name the same migrations", () => {
  const journal = parseJournal(entries("0001_a"), "j")
  expect(() => matchJournal(journal, [file(1, "0001_a")], "j")).not.toThrow()
  expect(() => matchJournal(journal, [], "j")).toThrow("j names 0001_a.sql, but there is no such file")
  expect(() => matchJournal(journal, [file(1, "0001_a"), file(2, "0002_b")], "j")).toThrow("j does not name 0002_b.sql")
})

test("each file is compared with its entry", () => {
  const journal = ["0001_a", "0002_b", "0003_c"].reduce((left, tag) => appendEntry(left, { tag, when: 1, checksum: "sha256:aa" }), EMPTY_JOURNAL)
  const checks = checkJournal(journal, [file(1, "0001_a"), file(2, "0002_b", "bb"), file(4, "0004_d")])
  expect(checks.map(check => `${check.name} ${check.state}`)).toEqual(["0001_a ok", "0002_b mismatch", "0003_c missing", "0004_d unknown"])
})

test("both sides of an unfinished merge are read from a journal with git's markers", () => {
  const written = (...tags: readonly string[]): string => journalText(parseJournal(entries(...tags), "j"))
  const [base, ours, theirs] = [written("0001_a").split("\n"), written("0001_a", "0002_b").split("\n"), written("0001_a", "0002_c", "0003_d").split("\n")]
  const from = base.findIndex(line => line.includes("0001_a"))
  const hunk = (lines: readonly string[]): readonly string[] => lines.slice(from, -3)
  const text = [...base.slice(0, from), "<<<<<<< HEAD", ...hunk(ours), "||||||| 1234", ...hunk(base), "=======", ...hunk(theirs), ">>>>>>> other", ...base.slice(-3)].join("\n")
  const { sides, line } = parseSides(text, "j")
  expect(sides.map(side => side.entries.map(entry => entry.tag))).toEqual([["0001_a", "0002_b"], ["0001_a", "0002_c", "0003_d"]])
  expect(line).toBe(5)
  expect(() => parseSides(text.replace(">>>>>>> other\n", ""), "j")).toThrow("j:5: git conflict markers")
})
