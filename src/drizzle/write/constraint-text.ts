import type { ConstraintData } from "../../kinds/constraint.ts"
import type { Imports } from "./column-text.ts"
import { options, quoted } from "./names.ts"

/** Where the columns of a key's target are found. */
export interface Target {
  /** Export name of the table. */
  readonly table: string
  readonly memberOf: (column: string) => string
  /** `true`: the target leads back here, so TypeScript cannot infer both. */
  readonly circular: boolean
}

/** The entry of one constraint in the list behind the columns; `null` for what Drizzle has no word for. */
export function constraintCall(constraint: ConstraintData, memberOf: (column: string) => string, target: Target | null, use: Imports): string | null {
  const { name, type, columns, clause } = constraint
  const list = (names: readonly string[], of: (column: string) => string): string => names.map(of).join(", ")
  switch (type) {
    case "p": return `${use.builder("primaryKey")}({ name: ${quoted(name)}, columns: [${list(columns, memberOf)}] })`
    case "u": return `${use.builder("unique")}(${quoted(name)}).on(${list(columns, memberOf)})${clause.startsWith("UNIQUE NULLS NOT DISTINCT") ? ".nullsNotDistinct()" : ""}`
    case "c": return `${use.builder("check")}(${quoted(name)}, ${use.sql(checked(clause))})`
    case "f": return target && `${use.builder("foreignKey")}({ name: ${quoted(name)}, columns: [${list(columns, memberOf)}], foreignColumns: [${list(constraint.target!.columns, target.memberOf)}] })${actions(clause)}`
    default: return null
  }
}

/** `.references(() => users.id, { onDelete: "cascade" })` for a key of one column that bears Drizzle's own name. */
export function referencesCall(constraint: ConstraintData, { memberOf, circular }: Target, use: Imports): string {
  const column = memberOf(constraint.target!.columns[0]!)
  const { onDelete, onUpdate } = actionsOf(constraint.clause)
  const config = options({ onDelete: onDelete && quoted(onDelete), onUpdate: onUpdate && quoted(onUpdate) })
  return `.references(()${circular ? `: ${use.builder("AnyPgColumn")}` : ""} => ${column}${config === "" ? "" : `, ${config}`})`
}

/** The name that Drizzle gives a foreign key nobody named, as PostgreSQL keeps it. */
export function usualKeyName({ table, columns, target }: ConstraintData): string {
  const name = `${table.name}_${columns.join("_")}_${target!.name}_${target!.columns.join("_")}_fk`
  return Buffer.from(name).subarray(0, 63).toString("utf8").replace(/\uFFFD+$/, "")
}

function actions(clause: string): string {
  const { onDelete, onUpdate } = actionsOf(clause)
  return `${onDelete ? `.onDelete(${quoted(onDelete)})` : ""}${onUpdate ? `.onUpdate(${quoted(onUpdate)})` : ""}`
}

function actionsOf(clause: string): { readonly onDelete: string | undefined; readonly onUpdate: string | undefined } {
  const plain = clause.replaceAll(/"(?:[^"]|"")*"/g, "") // a name may hold anything
  const word = (event: string): string | undefined => new RegExp(` ON ${event} (CASCADE|RESTRICT|SET NULL|SET DEFAULT)`).exec(plain)?.[1]?.toLowerCase()
  return { onDelete: word("DELETE"), onUpdate: word("UPDATE") }
}

/** The expression inside `CHECK (…)`, without what may follow the bracket (NO INHERIT, NOT VALID). */
function checked(clause: string): string {
  const start = clause.indexOf("(")
  let depth = 0
  let quote = ""
  for (let i = start; i < clause.length; i++) {
    const char = clause[i]!
    if (quote !== "") quote = char === quote ? "" : quote
    else if (char === "'" || char === '"') quote = char
    else if (char === "(") depth++
    else if (char === ")" && --depth === 0) return clause.slice(start + 1, i)
  }
  return clause.slice(start + 1)
}
