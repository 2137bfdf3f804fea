import { parseVersion } from "../../core/name.ts"
import type { Steps } from "../../core/steps.ts"
import { command } from "../command.ts"
import { stepChunk, stepsJson, stepsText } from "../report/steps.ts"

export default command<Steps>({
  path: "db migrate up",
  summary: "Apply all pending migrations",
  options: {
    "--to <version>": "Apply up to this migration number",
    "--dry-run": "Print the SQL that would run, and run nothing",
    "--out-of-order": "Apply files that are older than the last applied one, too",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db migrate up --to 0003", "nself db migrate up --env prod"],
  run: async (ctx, given, progress) => {
    const to = given.value("to")
    const options = {
      env: given.value("env"), url: given.value("url"), dryRun: given.flag("dry-run"), outOfOrder: given.flag("out-of-order"),
      ...(to === null ? {} : { to: parseVersion(to) }),
    }
    const { up } = await import("../../flows/up.ts")
    return up(ctx, options, event => progress(stepChunk("up", event)))
  },
  text: stepsText,
  json: stepsJson,
  fault: result => result.failure,
})
