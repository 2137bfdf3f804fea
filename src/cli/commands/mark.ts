import type { Marked } from "../../flows/runner/mark.ts"
import { command } from "../command.ts"

export default command<Marked>({
  path: "db mark",
  summary: "Say in the database which environment it is from now on",
  options: {
    "--database <name>": "The database's name, to be sure that it is this one",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db mark --env staging --database app"],
  run: async (ctx, given) => (await import("../../flows/runner/mark.ts")).mark(ctx, { env: given.value("env"), url: given.value("url"), database: given.value("database") }),
  text: ({ database, environment, before }) => `${database} is marked ${environment} now${before ? ` (it was ${before.environment})` : ""}.`,
})
