import { parseVersion } from "../../core/name.ts"
import type { Baseline } from "../../flows/adopt/baseline.ts"
import { command } from "../command.ts"
import { baselineText } from "../report/baseline.ts"

export default command<Baseline>({
  path: "db migrate baseline",
  summary: "Make the first migration from a database that has no history, and mark it as applied",
  options: {
    "--name <name>": "Name of the migration: baseline, unless said",
    "--to <version>": "Where there are migrations already: the last one the database has (the first unless said)",
    "--dry-run": "Print the SQL, write nothing",
    "--url <url>": "Database, instead of the environment's",
    "--shadow-url <url>": "A server that lends scratch databases, instead of the embedded PostgreSQL",
  },
  examples: ["nself db migrate baseline", "nself db migrate baseline --to 0003"],
  run: async (ctx, given) => {
    const to = given.value("to")
    const { baseline } = await import("../../flows/adopt/baseline.ts")
    return baseline(ctx, { env: given.value("env"), url: given.value("url"), shadowUrl: given.value("shadow-url"), name: given.value("name"), to: to === null ? null : parseVersion(to), dryRun: given.flag("dry-run") })
  },
  text: baselineText,
})
