import type { CatalogObject } from "../core/catalog.ts"
import type { ConstraintData } from "../kinds/constraint.ts"
import type { IndexData } from "../kinds/index-kind.ts"
import type { PolicyData } from "../kinds/policy.ts"
import { propertyName, quote, sqlCode, type Code } from "./lines-column.ts"

/** What stands in the list behind a table's columns: `index("i").on(t.userId)`; `null` where Drizzle has no word for it. */
export function extraCode(object: CatalogObject, tableNames: ReadonlyMap<string, string>): Code | null {
  if (object.kind === "index") return indexCode(object.data as IndexData)
  if (object.kind === "policy") return policyCode(object.data as PolicyData)
  return object.kind === "constraint" ? constraintCode(object.data as ConstraintData, tableNames) : null
}

const column = (name: string): string => `t.${propertyName(name)}`
const columns = (names: readonly string[]): string => names.map(column).join(", ")

function indexCode({ name, unique, shape, clause, bare }: IndexData): Code | null {
  if (clause !== bare) return null
  const word = unique ? "uniqueIndex" : "index"
  const parts = shape.parts.map(part => {
    if (part.column === null || part.collation !== null) return sqlCode(part.column === null ? `(${part.expression})` : `${JSON.stringify(part.column)} collate ${part.collation}`)
    // Drizzle puts nulls last unless told, PostgreSQL puts them first where the order is descending
    const order = shape.method !== "btree" ? "" : `${part.descending ? ".desc()" : ""}${part.nullsFirst ? ".nullsFirst()" : ""}`
    return `${column(part.column)}${order}${part.opclass === null ? "" : `.op(${quote(part.opclass)})`}`
  })
  const on = shape.method === "btree" ? `.on(${parts.join(", ")})` : `.using(${[quote(shape.method), ...parts].join(", ")})`
  const options = shape.options.length === 0 ? "" : `.with({ ${shape.options.map(option => option.replace("=", ": ")).join(", ")} })`
  const text = `${word}(${quote(name)})${on}${shape.predicate === null ? "" : `.where(${sqlCode(shape.predicate)})`}${options}`
  return { text, imports: [word, ...(text.includes("sql`") ? ["sql"] : [])] }
}

const ACTION: Readonly<Record<string, string>> = { r: "restrict", c: "cascade", n: "set null", d: "set default" }

function constraintCode(data: ConstraintData, tableNames: ReadonlyMap<string, string>): Code | null {
  const { name, type, clause } = data
  if (/ NOT VALID$| DEFERRABLE| MATCH FULL/.test(clause)) return null
  if (type === "c") return { text: `check(${quote(name)}, ${sqlCode(clause.replace(/^CHECK \(([\s\S]*)\)$/, "$1"))})`, imports: ["check", "sql"] }
  if (type === "u" && !data.verbatim) return { text: `unique(${quote(name)}).on(${columns(data.columns)})${clause.includes("NULLS NOT DISTINCT") ? ".nullsNotDistinct()" : ""}`, imports: ["unique"] }
  if (type === "p" && !data.verbatim) return { text: `primaryKey({ name: ${quote(name)}, columns: [${columns(data.columns)}] })`, imports: ["primaryKey"] }
  if (type !== "f" || data.verbatim) return null
  const target = tableNames.get(data.target!.key) ?? propertyName(data.target!.name)
  const actions = [ACTION[data.onDelete] ? `.onDelete(${quote(ACTION[data.onDelete]!)})` : "", ACTION[data.onUpdate] ? `.onUpdate(${quote(ACTION[data.onUpdate]!)})` : ""].join("")
  const foreign = data.target!.columns.map(one => `${target}.${propertyName(one)}`).join(", ")
  return { text: `foreignKey({ name: ${quote(name)}, columns: [${columns(data.columns)}], foreignColumns: [${foreign}] })${actions}`, imports: ["foreignKey"] }
}

const COMMAND: Readonly<Record<string, string>> = { r: "select", a: "insert", w: "update", d: "delete", "*": "all" }

function policyCode(data: PolicyData): Code {
  const options = [
    `as: ${quote(data.permissive ? "permissive" : "restrictive")}`, `for: ${quote(COMMAND[data.command]!)}`,
    ...(data.roles.length === 1 && data.roles[0] === "public" ? [] : [`to: [${data.roles.map(quote).join(", ")}]`]),
    ...(data.using === null ? [] : [`using: ${sqlCode(data.using)}`]), ...(data.check === null ? [] : [`withCheck: ${sqlCode(data.check)}`]),
  ]
  return { text: `pgPolicy(${quote(data.name)}, { ${options.join(", ")} })`, imports: ["pgPolicy", "sql"] }
}
