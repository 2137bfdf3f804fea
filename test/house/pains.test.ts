import { expect, test } from "bun:test"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dir, "../..")
const rows = [...readFileSync(join(root, "docs/pains.md"), "utf8").matchAll(/^\| (\d+) \| (.+) \| (.+) \|$/gm)].map(([, number, promise, shown]) => ({ number: Number(number), promise: promise!, shown: shown! }))

test("every pain is told, none is left out", () => {
  expect(rows.map(row => row.number)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
})

test.each(rows.map(row => [row.number, row.promise, row.shown] as const))("%i: %s: its tests are there, or it says that they are not", (_, promise, shown) => {
  expect(promise.length).toBeGreaterThan(10)
  const files = [...shown.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file!)
  if (files.length === 0) expect(shown).toMatch(/^not (kept|shown) yet/)
  for (const file of files) expect(existsSync(join(root, file)) ? file : `${file} is not there`).toBe(file)
  for (const [, file, numbers] of shown.matchAll(/`([^`]+)` \(([^)]+)\)/g)) {
    const text = readFileSync(join(root, file!), "utf8")
    for (const number of numbers!.split(", ")) expect(text).toContain(`${number} `)
  }
})

test("every story of a pain is named in its row", () => {
  for (const file of readdirSync(join(root, "test/stories/pains"))) {
    const row = rows.find(one => one.number === Number(file.slice(0, 2)))
    expect(row?.shown.includes(`test/stories/pains/${file}`) ? file : `${file} is not in row ${Number(file.slice(0, 2))}`).toBe(file)
  }
})

test("7: no command but reset ever proposes a reset", () => {
  const said = [...new Bun.Glob("**/*.ts").scanSync(join(root, "src"))].filter(file => !/(^|\/)reset[^/]*\.ts$/.test(file))
    .filter(file => /["'`][^"'`\n]*nself db migrate reset/.test(readFileSync(join(root, "src", file), "utf8")))
  expect(said).toEqual([])
})
