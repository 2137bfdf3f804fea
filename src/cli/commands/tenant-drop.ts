import type { Dropped } from "../../flows/tenants/drop.ts"
import { command } from "../command.ts"
import { droppedText } from "../report/tenant.ts"

export default command<Dropped>({
  path: "db tenant drop",
  summary: "Drop a tenant's schema with everything in it; asks first",
  args: ["slug"],
  options: {
    "--yes": "Do not ask",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db tenant drop acme-corp --yes"],
  run: async (ctx, given) => {
    const { tenantDrop } = await import("../../flows/tenants/drop.ts")
    return tenantDrop(ctx, { env: given.value("env"), url: given.value("url"), slug: given.args[0]!, yes: given.flag("yes") })
  },
  text: droppedText,
  exit: ({ dropped }) => (dropped ? "ok" : "refused"),
})
