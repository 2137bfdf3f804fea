import { parseVersion } from "../../core/name.ts"
import type { Steps } from "../../core/steps.ts"
import { command } from "../command.ts"
import { stepChunk, stepsJson, stepsText } from "../report/steps.ts"

export default command<Steps>({
  path: "db migrate down",
  summary: "Roll back the last applied migration",
  options: {
    "--to <version>": "Roll back everything above this migration number (0 for all)",
    "--dry-run": "Print the SQL that would run, and run nothing",
    "--allow-data-loss": "Needed in prod: rolling back drops tables and their data",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db migrate down", "nself db migrate down --to 0001"],
  run: async (ctx, given, progress) => {
    const to = given.value("to")
    const options = {
      env: given.value("env"), url: given.value("url"), dryRun: given.flag("dry-run"), allowDataLoss: given.flag("allow-data-loss"),
      ...(to === null ? {} : { to: parseVersion(to) }),
    }
    const { down } = await import("../../flows/down.ts")
    return down(ctx, options, event => progress(stepChunk("down", event)))
  },
  text: stepsText,
  json: stepsJson,
  fault: result => result.failure,
})
