import type { Seeded } from "../../core/seed.ts"
import { command } from "../command.ts"
import { seedChunk, seedJson, seedText } from "../report/seed.ts"

export default command<Seeded>({
  path: "db seed",
  summary: "Run the seed files of this environment (.sql and .ts), in order",
  options: {
    "--file <path...>": "Only this seed: a path, or a name in seeds/",
    "--all": "Every seed, whatever its number says of this environment",
    "--once": "Skip seeds that ran here before with the same text",
    "--database-name <name>": "Hasura's name of the database: seeds of hasura/seeds/<name>/ (default unless said)",
    "--tenant <slug>": "In this tenant's schema",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db seed", "nself db seed --file seeds/001_roles.sql", "nself db seed --env prod"],
  run: async (ctx, given, progress) => {
    const request = {
      env: given.value("env"), url: given.value("url"), files: given.values("file"), all: given.flag("all"), once: given.flag("once"),
      databaseName: given.value("database-name") ?? "default", tenant: given.value("tenant"),
    }
    return (await import("../../flows/seed.ts")).seed(ctx, request, event => progress(seedChunk(event)))
  },
  text: seedText,
  json: seedJson,
  fault: result => result.failure,
})
