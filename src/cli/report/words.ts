/** `1 migration`, `3 migrations`. */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`
}

/** `2026-05-01 10:00:00`, UTC. */
export function time(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ")
}

/** The width that lets all of `names` stand in one column, with a space behind. */
export function width(names: readonly string[]): number {
  return Math.max(0, ...names.map(name => name.length)) + 2
}
