import type { TenantsList } from "../../flows/tenants/list.ts"
import { command } from "../command.ts"
import { tenantsListText } from "../report/tenant.ts"

export default command<TenantsList>({
  path: "db tenant list",
  summary: "List the tenants",
  options: { "--url <url>": "Database, instead of the environment's" },
  examples: ["nself db tenant list"],
  run: async (ctx, given) => {
    const { tenantsList } = await import("../../flows/tenants/list.ts")
    return tenantsList(ctx, { env: given.value("env"), url: given.value("url") })
  },
  text: tenantsListText,
})
