import type { StepEvent, Steps } from "../../core/steps.ts"
import { pad } from "../../core/name.ts"
import { count } from "./words.ts"

const DOING = { up: "Applying", down: "Rolling back" } as const
const DONE = { up: "Applied", down: "Rolled back" } as const

/** One step as it happens: `Applying 0003_x.sql ... ` and then `done (42ms)`. */
export function stepChunk(direction: Steps["direction"], event: StepEvent): string {
  if (event.state === "started") return `${DOING[direction]} ${event.name}.sql ... `
  if (event.state === "done") return `done (${Math.round(event.durationMs)}ms)\n`
  return event.state === "already" ? "already done by another runner\n" : "failed\n"
}

/** What is left to say when all steps have been written: the sum, or the SQL of a dry run. */
export function stepsText(result: Steps): string {
  const { direction, version } = result
  if (result.dryRun && result.steps.length > 0) return result.steps.map(step => `-- ${step.path}\n${step.sql.trimEnd()}\n`).join("\n")
  const done = result.steps.filter(step => step.state === "done")
  if (done.length > 0) return `${DONE[direction]} ${count(done.length, "migration")}. Database is now at version ${pad(version)}.`
  if (result.failure) return ""
  return direction === "up" ? `Nothing to do. Database is at version ${pad(version)}.` : `Nothing to roll back. Database is at version ${pad(version)}.`
}

/** The same for `--json`. */
export function stepsJson({ direction, version, dryRun, env, database, steps }: Steps): unknown {
  return {
    direction, env, database, dryRun, version: pad(version),
    steps: steps.map(({ name, path, state, durationMs, sql }) => ({ name, path, state, durationMs: durationMs === null ? null : Math.round(durationMs), ...(dryRun ? { sql } : {}) })),
  }
}
