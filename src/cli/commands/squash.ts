import { Fault } from "../../core/fault.ts"
import { parseVersion } from "../../core/name.ts"
import type { SquashResult } from "../../flows/branches/squash.ts"
import { command } from "../command.ts"
import { squashText } from "../report/squash.ts"

export default command<SquashResult>({
  path: "db migrate squash",
  summary: "Make one migration of the first ones, shown to be equal by replay",
  options: {
    "--to <version>": "The last migration to go into it",
    "--name <name>": "Name of the new file: squashed, unless said",
    "--dry-run": "Replay and compare, write nothing",
    "--shadow-url <url>": "A server that lends scratch databases, instead of the embedded PostgreSQL",
  },
  examples: ["nself db migrate squash --to 0100"],
  run: async (ctx, given) => {
    const to = given.value("to")
    if (to === null) throw new Fault("usage", "up to which migration?", "nself db migrate squash --to <version>")
    const { squash } = await import("../../flows/branches/squash.ts")
    return squash(ctx, { env: given.value("env"), to: parseVersion(to), name: given.value("name"), shadowUrl: given.value("shadow-url"), dryRun: given.flag("dry-run") })
  },
  text: squashText,
})
