import { command } from "../command.ts"
import { statusText } from "../report/status.ts"
import { pad } from "../../core/name.ts"
import type { Status } from "../../flows/status.ts"

export default command<Status>({
  path: "db migrate status",
  summary: "Show applied and pending migrations",
  options: {
    "--check-conflicts": "Fail when two files carry the same number",
    "--exit-code": "Fail (exit 5) when a migration is pending",
    "--url <url>": "Database, instead of the environment's",
  },
  run: async (ctx, given) => {
    const { status } = await import("../../flows/status.ts")
    return status(ctx, { env: given.value("env"), url: given.value("url"), checkConflicts: given.flag("check-conflicts"), exitCode: given.flag("exit-code") })
  },
  text: statusText,
  json: ({ version, exitCode: _, nextNumber: __, ...rest }) => ({ version: version === null ? null : pad(version), ...rest }),
  exit: ({ conflicts, pending, exitCode }) => (conflicts.length > 0 ? "conflict" : exitCode && pending.length > 0 ? "drift" : "ok"),
})
