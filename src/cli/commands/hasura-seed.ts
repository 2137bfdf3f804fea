import type { Seeded } from "../../core/seed.ts"
import { command } from "../command.ts"
import { DETAIL } from "../detail-option.ts"
import { seedChunk, seedJson, seedText } from "../report/seed.ts"

export default command<Seeded>({
  path: "db hasura seed apply",
  summary: "Apply Hasura's seed files, pg_dump's COPY blocks included",
  options: {
    "--file <path...>": "Only this file: a path, or a name in hasura/seeds/<name>/, seeds/<name>/ or seeds/",
    "--database-name <name>": "Hasura's name of the database (default unless said)",
    "--endpoint <url>": "Through the run_sql API of the Hasura at this address instead of PostgreSQL",
    "--admin-secret <secret>": "For --endpoint; HASURA_GRAPHQL_ADMIN_SECRET of the environment unless said",
    ...DETAIL,
    "--tenant <slug>": "In this tenant's schema",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db hasura seed apply --file 008_owner_license.sql"],
  run: async (ctx, given, progress) => {
    const request = {
      env: given.value("env"), url: given.value("url"), files: given.values("file"), databaseName: given.value("database-name") ?? "default",
      endpoint: given.value("endpoint"), adminSecret: given.value("admin-secret"), tenant: given.value("tenant"),
    }
    return (await import("../../flows/seed/hasura-seed.ts")).hasuraSeed(ctx, request, event => progress(seedChunk(event)))
  },
  text: seedText,
  json: seedJson,
  fault: result => result.failure,
})
