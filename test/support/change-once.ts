/** A writer of its own that can be killed: `bun change-once.ts <root> <changes as JSON>`. */
import { applyChanges } from "../../src/files/changes.ts"

const [root, changes] = process.argv.slice(2)
process.stdout.write("ready\n")
await applyChanges(root!, "migrations", JSON.parse(changes!))
