/** The candidate nearest to what was typed, when it is near enough to be a slip; else `null`. */
export function closest(typed: string, candidates: readonly string[]): string | null {
  const scored = candidates.map(name => ({ name, cost: distance(typed, name) })).toSorted((a, b) => a.cost - b.cost)
  const best = scored[0]
  return best && best.cost <= Math.max(2, Math.floor(best.name.split(" ").at(-1)!.length / 3)) ? best.name : null
}

/** Levenshtein distance: how many letters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
