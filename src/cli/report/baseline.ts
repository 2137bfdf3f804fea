import type { Baseline } from "../../flows/adopt/baseline.ts"

/** What was written, and what counts as applied from now on. */
export function baselineText({ dryRun, database, files, marked, sql, ignored, engine }: Baseline): string {
  if (dryRun && sql !== "") return sql.trimEnd()
  const left = Object.entries(ignored).map(([why, n]) => `${why}: ${n}`)
  return [
    ...(files.length === 0 ? [] : ["Made:", ...files.map(file => `  ${file}`), ""]),
    `${dryRun ? "Would mark" : "Marked"} as applied in ${database}: ${marked.join(", ")}`,
    `Shown on ${engine}: the database is what ${marked.length === 1 ? "it makes" : "they make"}.`,
    ...(left.length === 0 ? [] : [`Left to others: ${left.join(", ")}.`]),
  ].join("\n")
}
