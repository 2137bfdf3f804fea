/** Draws docs/terminal.svg from the console blocks of README.md: what is shown there is what a test has typed. */
import { join, resolve } from "node:path"
import { terminalPicture } from "./terminal/picture.ts"

const root = resolve(import.meta.dir, "..")
await Bun.write(join(root, "docs/terminal.svg"), terminalPicture(await Bun.file(join(root, "README.md")).text()))
