import { command } from "../command.ts"
import { conflictJson, hasConflicts } from "../report/conflict.ts"
import { statusText } from "../report/status.ts"
import { Fault, type Exit } from "../../core/fault.ts"
import { pad } from "../../core/name.ts"
import type { Status } from "../../flows/runner/status.ts"
import type { TenantsStatus } from "../../flows/tenants/status.ts"
import { tenantsStatusJson, tenantsStatusText, unreadFault } from "../report/tenants-status.ts"
import { selectionIn, TENANTS } from "../tenant-options.ts"

export default command<Status | TenantsStatus>({
  path: "db migrate status",
  summary: "Show applied and pending migrations",
  options: {
    "--check-conflicts": "Fail (exit 6) when branches are in each other's way; needs no database",
    "--exit-code": "Fail (exit 5) when a migration is pending",
    "--url <url>": "Database, instead of the environment's",
    ...TENANTS,
    "--matrix": "With tenants: one row per tenant, one column per migration",
  },
  examples: ["nself db migrate status", "nself db migrate status --all-tenants", "nself db migrate status --check-conflicts"],
  run: async (ctx, given) => {
    const selection = selectionIn(given)
    if (given.flag("matrix") && !selection) throw new Fault("usage", "`--matrix` is for tenants", "nself db migrate status --all-tenants --matrix")
    if (selection) {
      const { tenantsStatus } = await import("../../flows/tenants/status.ts")
      return tenantsStatus(ctx, { env: given.value("env"), url: given.value("url"), selection, matrix: given.flag("matrix"), exitCode: given.flag("exit-code") })
    }
    const { status } = await import("../../flows/runner/status.ts")
    return status(ctx, { env: given.value("env"), url: given.value("url"), checkConflicts: given.flag("check-conflicts"), exitCode: given.flag("exit-code") })
  },
  text: (result, paint) => ("groups" in result ? tenantsStatusText(result, paint) : statusText(result, paint)),
  json: result => ("groups" in result ? tenantsStatusJson(result) : json(result)),
  exit: result => ("groups" in result ? tenantsExit(result) : exit(result)),
  fault: result => ("groups" in result ? unreadFault(result) : null),
})

function json({ version, exitCode: _, conflicts, ...rest }: Status): unknown {
  return { version: version === null ? null : pad(version), ...rest, ...conflictJson(conflicts) }
}

function exit({ conflicts, findings, pending, exitCode }: Status): Exit {
  return conflicts && hasConflicts(conflicts) ? "conflict" : findings.some(one => one.kind !== "row without file") ? "tampered" : exitCode && pending.length > 0 ? "drift" : "ok"
}

function tenantsExit({ exitCode, groups }: TenantsStatus): Exit {
  return exitCode && groups.some(group => group.pending.length > 0) ? "drift" : "ok"
}
