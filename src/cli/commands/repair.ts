import type { Repaired } from "../../flows/adopt/repair.ts"
import { command } from "../command.ts"
import { repairText } from "../report/repair.ts"

export default command<Repaired>({
  path: "db migrate repair",
  summary: "Record in the ledger what is true, after showing that the database is what the files make",
  options: {
    "--accept <file...>": "This applied file was changed on purpose; take its checksum as it is now",
    "--dry-run": "Say what would be recorded, record nothing",
    "--url <url>": "Database, instead of the environment's",
    "--shadow-url <url>": "A server that lends scratch databases, instead of the embedded PostgreSQL",
  },
  examples: ["nself db migrate repair", "nself db migrate repair --accept 0002_add_users.sql"],
  run: async (ctx, given) => {
    const { repair } = await import("../../flows/adopt/repair.ts")
    return repair(ctx, { env: given.value("env"), url: given.value("url"), shadowUrl: given.value("shadow-url"), accept: given.values("accept"), dryRun: given.flag("dry-run") })
  },
  text: repairText,
})
