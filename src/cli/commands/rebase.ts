import type { BranchResult } from "../../flows/branches/rebase.ts"
import { command } from "../command.ts"
import { rebaseText } from "../report/rebase.ts"

export default command<BranchResult>({
  path: "db migrate rebase",
  summary: "Move this branch's migrations behind those of another branch",
  options: {
    "--onto <branch>": "The other branch (the one being merged, or the main branch, unless said)",
    "--dry-run": "Say what would be written, write nothing",
    "--drop-missing": "Leave out journal entries whose files are gone",
    "--shadow-url <url>": "A real server that tries the migrations, instead of the embedded PostgreSQL",
    "--url <url>": "Database in which the files must not be applied, outside dev",
  },
  examples: ["git merge main; nself db migrate rebase --onto main"],
  run: async (ctx, given) => {
    const { rebase } = await import("../../flows/branches/rebase.ts")
    return rebase(ctx, { env: given.value("env"), url: given.value("url"), onto: given.value("onto"), dryRun: given.flag("dry-run"), dropMissing: given.flag("drop-missing"), shadowUrl: given.value("shadow-url") })
  },
  text: rebaseText,
})
