import type { RebaseResult } from "../../flows/branches/rebase-write.ts"
import { command } from "../command.ts"
import { rebaseText } from "../report/rebase.ts"

export default command<RebaseResult>({
  path: "db migrate journal rebase",
  summary: "Rebuild journal and snapshots from the migration files",
  options: {
    "--dry-run": "Say what would be written, write nothing",
    "--drop-missing": "Leave out entries whose files are gone",
    "--shadow-url <url>": "A real server that tries the migrations, instead of the embedded PostgreSQL",
  },
  examples: ["nself db migrate journal rebase"],
  run: async (ctx, given) => {
    const { journalRebase } = await import("../../flows/branches/journal-rebase.ts")
    return journalRebase(ctx, { env: given.value("env"), dryRun: given.flag("dry-run"), dropMissing: given.flag("drop-missing"), shadowUrl: given.value("shadow-url") })
  },
  text: rebaseText,
})
