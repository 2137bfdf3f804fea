import type { Reset, ResetEvent } from "../../flows/drift/reset.ts"
import type { ResetPlan } from "../../flows/drift/reset-plan.ts"
import { sqlText } from "../../core/migration-text.ts"
import { stepChunk, stepsJson, stepsText } from "./steps.ts"
import { count } from "./words.ts"

/** What is told while it happens. */
export function resetChunk(event: ResetEvent): string {
  if (event.state !== "dropped") return stepChunk("up", event)
  return `${dropped(event.plan)}\n`
}

function dropped({ dropped, kept }: ResetPlan): string {
  return [`Dropped ${count(dropped.length, "object")} that the migrations made.`, ...(kept.length > 0 ? [`Kept what no migration made: ${kept.join(", ")}.`] : [])].join("\n")
}

/** The sum at the end, or the SQL of a dry run. */
export function resetText({ steps, plan }: Reset): string {
  if (steps) return stepsText(steps)
  const kept = plan.kept.length > 0 ? `\n\n-- stays, because no migration made it: ${plan.kept.join(", ")}` : ""
  return plan.statements.length === 0 ? `-- nothing to drop${kept}` : `${sqlText(plan.statements)}${kept}`
}

export function resetJson({ env, database, plan, steps }: Reset): unknown {
  return { env, database, dropped: plan.dropped, kept: plan.kept, statements: plan.statements, applied: steps ? stepsJson(steps) : null }
}
