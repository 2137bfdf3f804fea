import { Fault } from "../../core/fault.ts"
import { parseVersion } from "../../core/name.ts"
import type { Log } from "../../flows/runner/log.ts"
import { command } from "../command.ts"
import { logText } from "../report/log.ts"

const LIMIT = 50

export default command<Log>({
  path: "db migrate log",
  summary: "Show who changed this database with nself, when, and how it ended",
  options: {
    "--limit <n>": `Newest entries, at most (${LIMIT} unless said)`,
    "--migration <version>": "Only those of this migration number",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db migrate log --env prod --limit 10"],
  run: async (ctx, given) => {
    const version = given.value("migration")
    const request = { env: given.value("env"), url: given.value("url"), limit: limitOf(given.value("limit")), version: version === null ? null : parseVersion(version) }
    return (await import("../../flows/runner/log.ts")).log(ctx, request)
  },
  text: logText,
})

function limitOf(typed: string | null): number {
  if (typed === null) return LIMIT
  if (/^[1-9]\d{0,6}$/.test(typed)) return Number(typed)
  throw new Fault("usage", `not a number of entries: \`${typed}\``, "--limit 50")
}
