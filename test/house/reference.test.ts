import { expect, test } from "bun:test"
import { join, resolve } from "node:path"
import { terminalPicture } from "../../scripts/terminal/picture.ts"
import { commands } from "../../src/cli/commands.ts"
import { referencePage } from "../../src/cli/reference.ts"

test("docs/reference.md is what the commands say (bun run scripts/reference.ts)", async () => {
  expect(await Bun.file(join(resolve(import.meta.dir, "../.."), "docs/reference.md")).text()).toBe(referencePage(commands))
})

test("docs/terminal.svg shows what README.md types (bun run scripts/terminal.ts)", async () => {
  const root = resolve(import.meta.dir, "../..")
  expect(await Bun.file(join(root, "docs/terminal.svg")).text()).toBe(terminalPicture(await Bun.file(join(root, "README.md")).text()))
})
