import { parseVersion } from "../../core/name.ts"
import type { Steps } from "../../core/steps.ts"
import type { TenantRun } from "../../core/tenant-run.ts"
import { command } from "../command.ts"
import { DETAIL } from "../detail-option.ts"
import { LIMITS, limitsIn } from "../limits.ts"
import { liveLine } from "../live.ts"
import { stepChunk, stepsJson, stepsText } from "../report/steps.ts"
import { tenantRunFault, tenantRunJson, tenantRunText } from "../report/tenant-run.ts"
import { refuseRollout, ROLLOUT, rolloutIn, selectionIn, TENANTS } from "../tenant-options.ts"

export default command<Steps | TenantRun>({
  path: "db migrate down",
  summary: "Roll back the last applied migration",
  options: {
    "--to <version>": "Roll back everything above this migration number (0 for all)",
    "--dry-run": "Print the SQL that would run, and run nothing",
    "--allow-data-loss": "Needed in staging and prod: rolling back drops tables and their data",
    "--database <name>": "The database's name, to be sure that it is this one; needed in staging and prod",
    ...DETAIL,
    "--url <url>": "Database, instead of the environment's",
    ...LIMITS, ...TENANTS, ...ROLLOUT,
  },
  examples: ["nself db migrate down", "nself db migrate down --to 0001"],
  run: async (ctx, given, progress) => {
    const to = given.value("to")
    const options = {
      env: given.value("env"), url: given.value("url"), dryRun: given.flag("dry-run"), allowDataLoss: given.flag("allow-data-loss"),
      database: given.value("database"), limits: limitsIn(given),
      ...(to === null ? {} : { to: parseVersion(to) }),
    }
    const selection = selectionIn(given)
    if (selection) {
      const { tenantsDown } = await import("../../flows/tenants/down.ts")
      return liveLine(ctx, show => tenantsDown(ctx, { ...options, ...rolloutIn(given), selection }, show))
    }
    refuseRollout(given)
    const { down } = await import("../../flows/runner/down.ts")
    return down(ctx, options, event => progress(stepChunk("down", event)))
  },
  text: (result, paint) => ("tenants" in result ? tenantRunText(result, paint) : stepsText(result)),
  json: result => ("tenants" in result ? tenantRunJson(result) : stepsJson(result)),
  fault: result => ("tenants" in result ? tenantRunFault(result) : result.failure),
})
