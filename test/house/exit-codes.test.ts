import { expect, test } from "bun:test"
import { join, resolve } from "node:path"
import { EXIT } from "../../src/core/fault.ts"

test("docs/exit-codes.md says what EXIT says", async () => {
  const text = await Bun.file(join(resolve(import.meta.dir, "../.."), "docs/exit-codes.md")).text()
  const rows = [...text.matchAll(/^\| (\d+) \| (\w+) \|/gm)].map(found => [found[2]!, Number(found[1])])
  expect(Object.fromEntries(rows)).toEqual({ ...EXIT })
})
