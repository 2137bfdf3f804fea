import { parseVersion } from "../../core/name.ts"
import type { Steps } from "../../core/steps.ts"
import type { TenantRun } from "../../core/tenant-run.ts"
import { command } from "../command.ts"
import { DETAIL } from "../detail-option.ts"
import { stepChunk, stepsJson, stepsText } from "../report/steps.ts"
import { tenantRunFault, tenantRunJson, tenantRunText } from "../report/tenant-run.ts"
import { LIMITS, limitsIn } from "../limits.ts"
import { liveLine } from "../live.ts"
import { refuseRollout, ROLLOUT, rolloutIn, selectionIn, TENANTS } from "../tenant-options.ts"

export default command<Steps | TenantRun>({
  path: "db migrate up",
  summary: "Apply all pending migrations",
  options: {
    "--to <version>": "Apply up to this migration number",
    "--dry-run": "Print the SQL that would run, and run nothing",
    "--out-of-order": "Apply files that are older than the last applied one, too",
    "--allow-blocking": "Build indexes that stop the writes to a big table in prod, too",
    "--url <url>": "Database, instead of the environment's",
    ...DETAIL,
    ...LIMITS, ...TENANTS, ...ROLLOUT,
  },
  examples: ["nself db migrate up --to 0003", "nself db migrate up --env prod", "nself db migrate up --all-tenants --canary 1%"],
  run: async (ctx, given, progress) => {
    const to = given.value("to")
    const options = {
      env: given.value("env"), url: given.value("url"), dryRun: given.flag("dry-run"), outOfOrder: given.flag("out-of-order"),
      allowBlocking: given.flag("allow-blocking"), limits: limitsIn(given),
      ...(to === null ? {} : { to: parseVersion(to) }),
    }
    const selection = selectionIn(given)
    if (selection) {
      const { tenantsUp } = await import("../../flows/tenants/up.ts")
      return liveLine(ctx, show => tenantsUp(ctx, { ...options, ...rolloutIn(given), selection }, show))
    }
    refuseRollout(given)
    const { up } = await import("../../flows/runner/up.ts")
    return up(ctx, options, event => progress(stepChunk("up", event)))
  },
  text: (result, paint) => ("tenants" in result ? tenantRunText(result, paint) : stepsText(result)),
  json: result => ("tenants" in result ? tenantRunJson(result) : stepsJson(result)),
  fault: result => ("tenants" in result ? tenantRunFault(result) : result.failure),
})
