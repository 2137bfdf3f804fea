import { Fault } from "../../core/fault.ts"
import { parseVersion } from "../../core/name.ts"
import type { Renumbered } from "../../flows/branches/renumber.ts"
import { command } from "../command.ts"
import { renumberText } from "../report/rebase.ts"

export default command<Renumbered>({
  path: "db migrate renumber",
  summary: "Give a migration another number, because another file has it too",
  args: ["file"],
  options: {
    "--to <version>": "The new number",
    "--dry-run": "Say what would be renamed, rename nothing",
    "--url <url>": "Database in which the file must not be applied, instead of the environment's",
  },
  examples: ["nself db migrate renumber 0004_add_notifications.sql --to 0005"],
  run: async (ctx, given) => {
    const to = given.value("to")
    if (to === null) throw new Fault("usage", "which number shall it get?", `nself db migrate renumber ${given.args[0]} --to <version>`)
    const { renumber } = await import("../../flows/branches/renumber.ts")
    return renumber(ctx, { env: given.value("env"), url: given.value("url"), file: given.args[0]!, to: parseVersion(to), dryRun: given.flag("dry-run") })
  },
  text: renumberText,
})
