/** Each row of FAULTS.md, section 5, that concerns the runner, has a test that bears its number; the table is checked against the tests' names. */
import { expect, test } from "bun:test"
import { Glob } from "bun"
import { join } from "node:path"

const TESTS = join(import.meta.dir, "../..")
/** 1 to 47 and 53 to 78; the table has no 67. */
const ROWS = [...Array.from({ length: 47 }, (_, i) => i + 1), ...Array.from({ length: 26 }, (_, i) => i + 53)].filter(row => row !== 67)

test("every row has a test named after it", async () => {
  const named = new Map<number, string>()
  for await (const path of new Glob("**/*.test.ts").scan(TESTS)) {
    const text = await Bun.file(join(TESTS, path)).text()
    for (const found of text.matchAll(/(?:test(?:ThatNeeds)?(?:\.each\([^\n]*\))?\(|, )["'`]((?:#\d+ )+)/g)) {
      for (const row of found[1]!.matchAll(/#(\d+)/g)) named.set(Number(row[1]), path)
    }
  }
  expect(ROWS.filter(row => !named.has(row))).toEqual([])
})
