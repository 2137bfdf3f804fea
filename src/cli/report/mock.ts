import type { Mocked } from "../../core/mock/mocked.ts"
import { grouped, progressLine, type Progress } from "../../core/mock/progress.ts"

/** Milliseconds between two pictures of the bar: more often nobody sees. */
const EVERY_MS = 100

/** Shows progress on a terminal's last line, not more often than it can be seen. `now`: milliseconds. */
export function barOn(live: (text: string | null) => void, now: () => number): (progress: Progress) => void {
  let last = 0
  return progress => {
    if (now() - last < EVERY_MS && progress.done < progress.total) return
    last = now()
    live(progress.done < progress.total ? progressLine(progress) : null)
  }
}

/** One line per table, and what gives the same rows again. */
export function mockText({ seed, format, tables }: Mocked): string {
  return [
    ...tables.map(({ table, rows, why, durationMs }) => `Filled ${table} with ${grouped(rows)} ${rows === 1 ? "row" : "rows"}${why === "parent" ? ", needed as parents" : ""} (${Math.round(durationMs)}ms).`),
    `Seed ${seed}, mock format ${format}: --seed ${seed} gives the same rows again.`,
  ].join("\n")
}

/** The same for `--json`. */
export function mockJson({ tables, ...rest }: Mocked): unknown {
  return { ...rest, tables: tables.map(({ durationMs, ...table }) => ({ ...table, durationMs: Math.round(durationMs) })) }
}
