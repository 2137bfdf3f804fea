import type { CatalogObject } from "../../core/catalog.ts"
import type { ColumnData } from "../../kinds/column.ts"
import type { ConstraintData } from "../../kinds/constraint.ts"
import type { IndexData } from "../../kinds/index-kind.ts"
import type { PolicyData } from "../../kinds/policy.ts"
import type { TableData } from "../../kinds/table.ts"
import { defaultCall, typeCall, type Imports } from "./column-text.ts"
import { constraintCall, referencesCall, usualKeyName, type Target } from "./constraint-text.ts"
import { indexCall } from "./index-text.ts"
import { member, options, property, quoted } from "./names.ts"
import { sequenceConfig } from "./sequence-text.ts"

/** A table and all that Drizzle says inside of it. */
export interface TableParts {
  readonly table: TableData
  readonly exportName: string
  /** What makes it: `pgTable`, or `app.table` for a table in a schema of its own. */
  readonly maker: string
  readonly columns: readonly CatalogObject<ColumnData>[]
  /** Property of each column. */
  readonly keys: ReadonlyMap<string, string>
  readonly defaults: ReadonlyMap<string, string>
  /** Columns whose sequence comes and goes with them. */
  readonly serials: ReadonlySet<string>
  readonly constraints: readonly ConstraintData[]
  readonly indexes: readonly IndexData[]
  readonly policies: readonly PolicyData[]
  readonly targetOf: (key: ConstraintData) => Target | null
}

/** `export const users = pgTable("users", { … }, t => [ … ])` */
export function tableText(parts: TableParts, use: Imports): string {
  const { table, exportName, maker, columns, keys, policies } = parts
  const inline = new Set<ConstraintData>()
  const lines = columns.map(({ data }) => `  ${property(keys.get(data.name)!)}: ${columnCall(data, parts, inline, use)},`)
  const memberOf = (column: string): string => member("t", keys.get(column) ?? column)
  const extras = [
    ...parts.constraints.filter(one => !inline.has(one)).flatMap(one => constraintCall(one, memberOf, one.type === "f" ? ownOr(one, parts, memberOf) : null, use) ?? []),
    ...parts.indexes.map(index => indexCall(index, memberOf, use)),
    ...policies.map(policy => policyCall(policy, use)),
  ]
  const callback = extras.length === 0 ? "" : `, ${extras.some(text => /\bt[.[]/.test(text)) ? "t" : "()"} => [\n${extras.map(text => `  ${text},\n`).join("")}]`
  const rls = table.rls && policies.length === 0 ? ".enableRLS()" : ""
  return `export const ${exportName} = ${maker}(${quoted(table.name)}, {\n${lines.join("\n")}\n}${callback})${rls}\n`
}

/** A key to the table itself goes over its own columns: TypeScript cannot infer a table that names itself. */
function ownOr(key: ConstraintData, { table, targetOf }: TableParts, memberOf: (column: string) => string): Target | null {
  const target = targetOf(key)
  return target && key.target!.name === table.name && key.target!.schema === table.schema ? { ...target, memberOf } : target
}

const SERIAL: Readonly<Record<string, string>> = { smallint: "smallserial", integer: "serial", bigint: "bigserial" }

/** One column; the constraints that are said at it are added to `inline`. */
function columnCall(data: ColumnData, parts: TableParts, inline: Set<ConstraintData>, use: Imports): string {
  const key = parts.keys.get(data.name)!
  const serial = parts.serials.has(data.name)
  const name = data.name === key ? "" : quoted(data.name)
  const base = serial ? `${use.builder(SERIAL[data.type]!)}(${[name, data.type === "bigint" ? '{ mode: "number" }' : ""].filter(Boolean).join(", ")})` : typeCall(data, key, use)
  const own = parts.constraints.filter(one => one.columns.length === 1 && one.columns[0] === data.name)
  const primary = own.find(one => one.type === "p" && one.name === `${parts.table.name}_pkey`)
  const unique = own.find(one => one.type === "u")
  const reference = own.find(one => one.type === "f" && one.name === usualKeyName(one) && parts.targetOf(one))
  for (const one of [primary, unique, reference]) if (one) inline.add(one)
  const value = parts.defaults.get(data.name)
  return [
    base,
    primary ? ".primaryKey()" : "",
    value === undefined || serial ? "" : defaultCall(data, value, use),
    data.notNull && !primary && !serial && data.identity === "" ? ".notNull()" : "",
    identityCall(data),
    data.generated === "" ? "" : `.generatedAlwaysAs(${use.sql(data.expression!)}${data.generated === "v" ? ', { mode: "virtual" }' : ""})`,
    unique ? uniqueCall(unique, parts.table.name, data.name) : "",
    reference ? referencesCall(reference, parts.targetOf(reference)!, use) : "",
  ].join("")
}

function identityCall(data: ColumnData): string {
  if (data.identity === "") return ""
  return `.${data.identity === "a" ? "generatedAlwaysAsIdentity" : "generatedByDefaultAsIdentity"}(${sequenceConfig(data.sequence!)})`
}

function uniqueCall({ name, clause }: ConstraintData, table: string, column: string): string {
  const nulls = clause.startsWith("UNIQUE NULLS NOT DISTINCT")
  if (name === `${table}_${column}_unique` && !nulls) return ".unique()"
  return `.unique(${quoted(name)}${nulls ? ', { nulls: "not distinct" }' : ""})`
}

const COMMANDS: Readonly<Record<string, string | undefined>> = { r: "select", a: "insert", w: "update", d: "delete" }

function policyCall(policy: PolicyData, use: Imports): string {
  const roles = policy.roles.map(role => quoted(role.startsWith('"') ? role.slice(1, -1).replaceAll('""', '"') : role))
  const command = COMMANDS[policy.command]
  const config = options({
    as: policy.permissive ? undefined : '"restrictive"', for: command && quoted(command),
    to: roles.length === 0 || (roles.length === 1 && roles[0] === '"public"') ? undefined : roles.length === 1 ? roles[0] : `[${roles.join(", ")}]`,
    using: policy.using === null ? undefined : use.sql(policy.using), withCheck: policy.check === null ? undefined : use.sql(policy.check),
  })
  return `${use.builder("pgPolicy")}(${quoted(policy.name)}${config === "" ? "" : `, ${config}`})`
}
