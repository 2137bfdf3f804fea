/** Values of a row as a line of COPY's text format. Source: PostgreSQL docs, COPY, "Text Format". */
export function copyLine(values: readonly (string | null)[]): string {
  let line = ""
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (i > 0) line += "\t"
    line += value == null ? "\\N" : SPECIAL.test(value) ? value.replace(/[\\\b\f\n\r\t\v]/g, char => ESCAPES[char]!) : value
  }
  return `${line}\n`
}

const SPECIAL = /[\\\b\f\n\r\t\v]/
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v" }
