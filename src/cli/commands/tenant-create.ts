import type { Created } from "../../flows/tenants/create.ts"
import { command } from "../command.ts"
import { DETAIL } from "../detail-option.ts"
import { createdJson, createdText } from "../report/tenant.ts"

export default command<Created>({
  path: "db tenant create",
  summary: "Make a tenant: its schema and all migrations, in one transaction",
  args: ["slug"],
  options: {
    "--schema <name>": "Its schema, instead of tenant_ and the slug",
    ...DETAIL,
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db tenant create acme-corp"],
  run: async (ctx, given) => {
    const { tenantCreate } = await import("../../flows/tenants/create.ts")
    return tenantCreate(ctx, { env: given.value("env"), url: given.value("url"), slug: given.args[0]!, schema: given.value("schema") })
  },
  text: createdText,
  json: createdJson,
  fault: result => result.fault,
})
