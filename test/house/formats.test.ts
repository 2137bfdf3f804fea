import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { sha256 } from "../../src/core/checksum.ts"
import { appendEntry, journalText, parseJournal } from "../../src/core/journal.ts"
import { upText } from "../../src/core/migration-text.ts"
import { LOCK_KEY } from "../../src/pg/holder.ts"

const root = resolve(import.meta.dir, "../..")
const page = readFileSync(join(root, "docs/formats.md"), "utf8")
const fence = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)![1]!

test("every checksum of the page is the checksum", () => {
  const rows = [...page.matchAll(/^\| `(".*")` \| `([0-9a-f]{64})` \|$/gm)]
  expect(rows).toHaveLength(4)
  for (const [, text, hash] of rows) expect(sha256(JSON.parse(text!) as string)).toBe(hash!)
})

test("the journal of the page is what nself writes, byte for byte", () => {
  const text = fence("json")
  const journal = parseJournal(text, "_journal.json")
  expect(journalText(journal)).toBe(text)
  expect(journalText(appendEntry({ ...journal, entries: journal.entries.slice(0, 1) }, { when: 1746282137000, tag: "0002_add_users_source_id" }))).toBe(text)
})

test("the head of a generated file is the page's", () => {
  const text = upText({ name: "0003_add_documents", up: ["SELECT 1"], down: [], engine: "embedded PostgreSQL 18.6", upLoses: [], downLoses: ["table np_documents"], upNotes: [], downNotes: [] }, "migrations")
  expect(text).toBe(`${fence("sql")}\nSELECT 1;\n`)
})

test("the page has every column of the tables that nself makes, and no other", () => {
  const sql = readdirSync(join(root, "migrations")).toSorted().map(file => readFileSync(join(root, "migrations", file), "utf8")).join("\n")
  const made = [...sql.matchAll(/CREATE TABLE "(\w+)" \(\n([\s\S]*?)\n\);/g)].map(([, table, body]) => [table, [...body!.matchAll(/^ {2}"(\w+)"/gm)].map(([, name]) => name).toSorted()])
  const told = [...page.matchAll(/^`(np_\w+)`, [^\n]*\n\n\| column \| meaning \|\n\|---\|---\|\n((?:\|[^\n]*\n)+)/gm)].map(([, table, rows]) =>
    [table, [...rows!.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, names]) => [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toSorted()])
  expect(told).toEqual(made)
})

test("the lock's key is the page's", () => {
  expect(page).toContain(LOCK_KEY.replace("$1::text", "<schema>"))
})
