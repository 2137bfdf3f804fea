/** A text that git could not merge, as each side has it. */
export interface Sides {
  readonly ours: string
  readonly theirs: string
  /** The line of the first marker, from 1. */
  readonly line: number
}

/** Most texts have none, and are long. */
const mayHave = (text: string): boolean => /^[<|=>]{7}/m.test(text)

const MARK = /^(<{7}|\|{7}|={7}|>{7})( |\r?$)/

/**
 * Takes git's conflict markers apart, with a common part (diff3) or without.
 *
 * @returns `null` where there are none; half a marker counts as none, so that the text's own reader complains
 */
export function sidesOf(text: string): Sides | null {
  if (!mayHave(text)) return null
  const sides = { ours: [] as string[], theirs: [] as string[] }
  let state = "both" as "both" | "ours" | "base" | "theirs"
  let first = 0
  for (const [i, line] of text.split("\n").entries()) {
    const mark = MARK.exec(line)?.[1]?.[0]
    if (mark) {
      state = ({ "<": "ours", "|": "base", "=": "theirs", ">": "both" } as const)[mark as "<"]
      first ||= i + 1
    } else {
      if (state === "both" || state === "ours") sides.ours.push(line)
      if (state === "both" || state === "theirs") sides.theirs.push(line)
    }
  }
  return first > 0 && state === "both" ? { ours: sides.ours.join("\n"), theirs: sides.theirs.join("\n"), line: first } : null
}

/** The line of the first conflict marker, from 1; 0 where there is none. */
export function markerLine(text: string): number {
  return mayHave(text) ? text.split("\n").findIndex(line => MARK.test(line)) + 1 : 0
}
