import type { Seeded, SeedEvent } from "../../core/seed.ts"
import type { Paint } from "../paint.ts"
import { count } from "./words.ts"

/** One seed as it happens. A TypeScript seed talks in between, so its end gets a line of its own. */
export function seedChunk(event: SeedEvent): string {
  switch (event.state) {
    case "started": return `Seeding ${event.path} ... ${event.talks ? "\n" : ""}`
    case "said": return `  ${event.line}\n`
    case "done": return `${event.talks ? "  " : ""}done (${Math.round(event.durationMs)}ms)\n`
    case "failed": return `${event.talks ? "  " : ""}failed\n`
  }
}

/** The sum, what was left out and why, and what a second run did again. */
export function seedText({ env, emptied, seeds }: Seeded, paint: Paint): string {
  const of = (state: string) => seeds.filter(seed => seed.state === state)
  const [done, kept, once] = [of("done"), of("kept"), of("once")]
  const repeated = done.filter(seed => seed.repeated.length > 0)
  return [
    ...(emptied?.length ? [`Emptied ${emptied.map(({ table, rows }) => `${table} (${count(rows, "row")})`).join(", ")}.`] : []),
    ...(done.length > 0 || (kept.length === 0 && once.length === 0) ? [`Ran ${count(done.length, "seed")}.`] : ["Nothing to run."]),
    ...(once.length > 0 ? [`${count(once.length, "seed")} ran here before and ${once.length === 1 ? "was" : "were"} skipped.`] : []),
    ...(kept.length > 0 ? [`Not for ${env}: ${kept.map(seed => seed.path).join(", ")} (--all runs them too).`] : []),
    ...repeated.map(seed => `${paint.yellow("warning")}: ${seed.path} is not repeatable: ${seed.repeated.join(", ")} than before. Write its INSERTs with ON CONFLICT, or use --once.`),
  ].join("\n")
}

/** The same for `--json`. */
export function seedJson({ env, database, emptied, seeds }: Seeded): unknown {
  return { env, database, ...(emptied && { emptied }), seeds: seeds.map(({ durationMs, ...seed }) => ({ ...seed, durationMs: durationMs === null ? null : Math.round(durationMs) })) }
}
