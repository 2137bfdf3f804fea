import { Fault } from "./fault.ts"

/** PostgreSQL cuts longer identifiers silently (NAMEDATALEN - 1), so two names could become one. Bytes of UTF-8. */
export const MAX_IDENTIFIER_BYTES = 63

/** `"name"` with inner quotes doubled; safe to splice into SQL. Throws a `usage` fault on NUL, on an empty name and over 63 bytes. */
export function ident(name: string): string {
  if (name === "" || name.includes("\0")) throw new Fault("usage", `not a PostgreSQL identifier: ${JSON.stringify(name)}`)
  const bytes = Buffer.byteLength(name)
  if (bytes > MAX_IDENTIFIER_BYTES) {
    throw new Fault("usage", `identifier is ${bytes} bytes long, PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}: ${name}`, "give it a shorter name")
  }
  return `"${name.replaceAll('"', '""')}"`
}

/** `'text'` as a standard string literal, inner quotes doubled; with `E''` where a backslash stands in it. */
export function literal(text: string): string {
  const quoted = text.replaceAll("'", "''")
  return text.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`
}

/** A text as a literal in which nothing is quoted: `$nself$…$nself$`, for code. */
export function dollarQuoted(text: string): string {
  const tag = text.includes("$nself$") ? `$nself_${crypto.randomUUID().replaceAll("-", "")}$` : "$nself$"
  return `${tag}${text}${tag}`
}

/** A value as an SQL constant. */
export function constant(value: string | number | null): string {
  return value === null ? "null" : typeof value === "number" ? String(value) : literal(value)
}
