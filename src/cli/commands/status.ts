import { command } from "../command.ts"
import { conflictJson, hasConflicts } from "../report/conflict.ts"
import { statusText } from "../report/status.ts"
import { pad } from "../../core/name.ts"
import type { Status } from "../../flows/status.ts"

export default command<Status>({
  path: "db migrate status",
  summary: "Show applied and pending migrations",
  options: {
    "--check-conflicts": "Fail (exit 6) when branches are in each other's way; needs no database",
    "--exit-code": "Fail (exit 5) when a migration is pending",
    "--url <url>": "Database, instead of the environment's",
  },
  run: async (ctx, given) => {
    const { status } = await import("../../flows/status.ts")
    return status(ctx, { env: given.value("env"), url: given.value("url"), checkConflicts: given.flag("check-conflicts"), exitCode: given.flag("exit-code") })
  },
  text: statusText,
  json: ({ version, exitCode: _, conflicts, ...rest }) => ({ version: version === null ? null : pad(version), ...rest, ...conflictJson(conflicts) }),
  exit: ({ conflicts, findings, pending, exitCode }) => (conflicts && hasConflicts(conflicts) ? "conflict" : findings.some(one => one.kind !== "row without file") ? "tampered" : exitCode && pending.length > 0 ? "drift" : "ok"),
})
