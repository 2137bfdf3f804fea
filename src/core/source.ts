/** Where in a text PostgreSQL's finger points, and how that is shown. */

export interface Place {
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  /** The whole line without its LF. */
  readonly text: string
}

/**
 * The line a PostgreSQL error points at.
 *
 * @param sql       the whole text that was sent, LF line ends
 * @param position  PostgreSQL's `position` field: characters, not bytes; the first one is 1
 * @returns `null` when `position` is outside of the text; one past the end is the end of the last line that says something
 * Source: PostgreSQL docs, Protocol, "Error and Notice Message Fields", field `P`.
 */
export function lineAt(sql: string, position: number): Place | null {
  const chars = [...sql]
  if (!Number.isInteger(position) || position < 1 || position > chars.length + 1) return null
  const upTo = position > chars.length ? chars.slice(0, position - 1).join("").trimEnd() : chars.slice(0, position - 1).join("")
  const before = upTo.split("\n")
  return { line: before.length, column: [...before.at(-1)!].length + 1, text: sql.split("\n")[before.length - 1]! }
}

/** Characters of a line that are shown to either side of the caret, at most. */
const AROUND = 100

/**
 * The line with its number and a caret under the column; a long line is cut around the caret.
 *
 *     12 | CREATE TABLE "a" ("id" uuidd);
 *        |                        ^
 */
export function codeFrame(place: Place): string {
  const chars = [...place.text.replaceAll("\t", " ")]
  const from = Math.max(0, place.column - 1 - AROUND)
  const shown = chars.slice(from, place.column - 1 + AROUND)
  const [head, tail] = [from > 0 ? "…" : "", place.column - 1 + AROUND < chars.length ? "…" : ""]
  const gutter = String(place.line)
  const width = head.length + (place.column - 1 - from)
  return `${gutter} | ${head}${shown.join("").trimEnd()}${tail}\n${" ".repeat(gutter.length)} | ${" ".repeat(width)}^`
}
