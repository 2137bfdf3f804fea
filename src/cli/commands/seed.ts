import type { Seeded } from "../../core/seed.ts"
import type { EachTenant } from "../../core/each-tenant.ts"
import { command } from "../command.ts"
import { DETAIL } from "../detail-option.ts"
import { eachFault, eachJson, eachText } from "../report/each-tenant.ts"
import { seedChunk, seedJson, seedText } from "../report/seed.ts"
import { oneIn, selectionIn, TENANTS } from "../tenant-options.ts"

export default command<Seeded | EachTenant<Seeded>>({
  path: "db seed",
  summary: "Run the seed files of this environment (.sql and .ts), in order",
  options: {
    "--file <path...>": "Only this seed: a path, or a name in seeds/",
    "--all": "Every seed, whatever its number says of this environment",
    "--once": "Skip seeds that ran here before with the same text",
    "--truncate": "Delete the tables' rows first (dev only); asks. With --file: those that the named SQL seeds write into",
    "--yes": "The answer to what --truncate asks; needed where there is no terminal",
    "--database-name <name>": "Hasura's name of the database: seeds of hasura/seeds/<name>/ (default unless said)",
    ...DETAIL,
    ...TENANTS,
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db seed", "nself db seed --file seeds/001_roles.sql", "nself db seed --truncate", "nself db seed --env prod"],
  run: async (ctx, given, progress) => {
    const request = {
      env: given.value("env"), url: given.value("url"), files: given.values("file"), all: given.flag("all"), once: given.flag("once"), truncate: given.flag("truncate"), yes: given.flag("yes"),
      databaseName: given.value("database-name") ?? "default", tenant: oneIn(given),
    }
    const selection = request.tenant === null ? selectionIn(given) : null
    if (selection) return (await import("../../flows/seed/seed.ts")).seedTenants(ctx, request, selection, (slug, line) => ctx.talk(`${slug}: ${line}`))
    return (await import("../../flows/seed/seed.ts")).seed(ctx, request, event => progress(seedChunk(event)))
  },
  text: (result, paint) => ("tenants" in result ? eachText("Ran the seeds", result, paint) : seedText(result, paint)),
  json: result => ("tenants" in result ? eachJson(result, seedJson) : seedJson(result)),
  fault: result => ("tenants" in result ? eachFault("nself db seed", result) : result.failure),
})
