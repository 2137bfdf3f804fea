import { literal } from "../core/ident.ts"
import { Fault } from "../core/fault.ts"

/**
 * A value that a driver would have bound, as an SQL constant of unknown type, so that PostgreSQL reads it as it would the parameter.
 *
 * @param value  what a column's `mapToDriverValue` gave, or a bare JavaScript value
 * @throws a `usage` fault on what has no SQL form (a function, a symbol, NaN is fine as text)
 */
export function constant(value: unknown): string {
  if (value === null || value === undefined) return "NULL"
  if (typeof value === "boolean") return value ? "true" : "false"
  if (typeof value === "bigint") return number(value.toString())
  if (typeof value === "number") return Number.isFinite(value) ? number(String(value)) : literal(String(value))
  if (typeof value === "string") return literal(value)
  if (value instanceof Date) return literal(value.toISOString())
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'`
  if (Array.isArray(value)) return literal(arrayText(value))
  if (typeof value === "object") return literal(JSON.stringify(value))
  throw new Fault("usage", `a ${typeof value} has no SQL form`, "write the value with sql`…`")
}

/** A minus sign after another one would start a comment. */
function number(text: string): string {
  return text.startsWith("-") ? `(${text})` : text
}

/** `{a,"b c",NULL}`: PostgreSQL's text form of an array, every text quoted. */
export function arrayText(items: readonly unknown[]): string {
  return `{${items.map(itemText).join(",")}}`
}

function itemText(item: unknown): string {
  if (item === null || item === undefined) return "NULL"
  if (Array.isArray(item)) return arrayText(item)
  if (typeof item === "number" || typeof item === "bigint" || typeof item === "boolean") return String(item)
  const text = item instanceof Date ? item.toISOString() : typeof item === "string" ? item : JSON.stringify(item)
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
}
