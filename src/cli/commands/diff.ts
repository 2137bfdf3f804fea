import { isSame } from "../../core/compare.ts"
import type { Diff } from "../../core/diff.ts"
import { Fault } from "../../core/fault.ts"
import type { Selection } from "../../core/tenant.ts"
import type { TenantsDiff, TenantsDiffRequest } from "../../flows/tenants/diff.ts"
import type { Given } from "../argv.ts"
import { command } from "../command.ts"
import type { Paint } from "../paint.ts"
import { diffGithub, diffJson, diffSql, diffText } from "../report/diff.ts"
import { tenantsDiffJson, tenantsDiffSql, tenantsDiffText } from "../report/tenants-diff.ts"
import { unreadFault } from "../report/tenants-status.ts"
import { selectionIn, TENANTS } from "../tenant-options.ts"

interface Asked { readonly diff: Diff; readonly failOnDrift: boolean; readonly form: "text" | "sql" | "github" }
interface AskedTenants { readonly tenants: TenantsDiff; readonly failOnDrift: boolean; readonly form: "text" | "sql" }

export default command<Asked | AskedTenants>({
  path: "db migrate diff",
  summary: "Show what differs between the database, the migrations and the schema",
  options: {
    "--fail-on-drift": "Fail (exit 5) when the database is not what its migrations made",
    "--sql": "Print the statements that would close the gap",
    "--github": "Print annotations for GitHub Actions",
    "--against <url>": "Compare with this database instead of the history",
    "--shadow-url <url>": "A real server that reads the history, instead of the embedded PostgreSQL; a scratch database is made there and dropped",
    "--url <url>": "Database, instead of the environment's",
    ...TENANTS,
  },
  shadow: true,
  examples: ["nself db migrate diff", "nself db migrate diff --env staging --fail-on-drift", "nself db migrate diff --sql | psql app"],
  run: async (ctx, given) => {
    const selection = selectionIn(given)
    if (selection) return askedTenants(given, selection, async request => (await import("../../flows/tenants/diff.ts")).tenantsDiff(ctx, request))
    const { diff } = await import("../../flows/drift/diff.ts")
    const result = await diff(ctx, { env: given.value("env"), url: given.value("url"), against: given.value("against"), shadowUrl: given.value("shadow-url") })
    return { diff: result, failOnDrift: given.flag("fail-on-drift"), form: given.flag("sql") ? "sql" : given.flag("github") ? "github" : "text" }
  },
  text: (asked, paint) => ("tenants" in asked ? textOfTenants(asked, paint) : textOf(asked, paint)),
  json: asked => ("tenants" in asked ? tenantsDiffJson(asked.tenants) : diffJson(asked.diff)),
  exit: asked => (asked.failOnDrift && ("tenants" in asked ? asked.tenants.shapes.some(shape => !isSame(shape.drift)) : !isSame(asked.diff.drift)) ? "drift" : "ok"),
  fault: asked => ("tenants" in asked ? unreadFault(asked.tenants) : null),
})

function textOf({ diff, form, failOnDrift }: Asked, paint: Paint): string {
  return form === "sql" ? diffSql(diff) : form === "github" ? diffGithub(diff, failOnDrift ? "error" : "warning") : diffText(diff, paint)
}

function textOfTenants({ tenants, form }: AskedTenants, paint: Paint): string {
  return form === "sql" ? tenantsDiffSql(tenants) : tenantsDiffText(tenants, paint)
}

async function askedTenants(given: Given, selection: Selection, ask: (request: TenantsDiffRequest) => Promise<TenantsDiff>): Promise<AskedTenants> {
  const alone = ["against", "github"].find(name => given.flag(name) || given.value(name) !== null)
  if (alone !== undefined) throw new Fault("usage", `\`--${alone}\` compares one database, not tenants`, "nself db migrate diff --all-tenants --json")
  const tenants = await ask({ env: given.value("env"), url: given.value("url"), shadowUrl: given.value("shadow-url"), selection })
  return { tenants, failOnDrift: given.flag("fail-on-drift"), form: given.flag("sql") ? "sql" : "text" }
}
