/** Writes docs/reference.md from the commands. `test/house/reference.test.ts` fails when it lags behind. */
import { join, resolve } from "node:path"
import { referencePage } from "../src/cli/reference.ts"
import { commands } from "../src/cli/commands.ts"

await Bun.write(join(resolve(import.meta.dir, ".."), "docs/reference.md"), referencePage(commands))
