import type { HookRun } from "../../flows/project/hooks.ts"
import { command } from "../command.ts"
import { conflictJson, conflictText, hasConflicts } from "../report/conflict.ts"
import { verifyText } from "../report/verify-checksums.ts"
import { count } from "../report/words.ts"

export default command<HookRun>({
  path: "hooks run",
  summary: "What the git hook runs: every file against the journal, and the conflict check; no database",
  options: {},
  examples: ["nself hooks run"],
  run: async (ctx, given) => {
    const { runHooks } = await import("../../flows/project/hooks.ts")
    return runHooks(ctx, given.value("env"))
  },
  text: (result, paint) => {
    const parts = [...(hasConflicts(result.conflicts) ? [conflictText(result.conflicts)] : []), ...(isAltered(result) ? [verifyText(onlyBad(result), paint)] : [])]
    return parts.length === 0 ? `nself: ${count(result.migrations, "migration")} in order` : parts.join("\n\n")
  },
  json: ({ migrations, conflicts, verified }) => ({ migrations, ...conflictJson(conflicts), checks: verified?.checks ?? [] }),
  exit: result => (isAltered(result) ? "tampered" : hasConflicts(result.conflicts) ? "conflict" : "ok"),
})

const bad = (state: string): boolean => state === "mismatch" || state === "missing"

function isAltered({ verified }: HookRun): boolean {
  return verified?.checks.some(check => bad(check.state)) ?? false
}

/** A thousand lines that say OK help nobody in a hook. */
function onlyBad({ verified }: HookRun): NonNullable<HookRun["verified"]> {
  return { ...verified!, checks: verified!.checks.filter(check => bad(check.state)) }
}
