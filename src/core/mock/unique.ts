import { parseExpression } from "./check.ts"
import { baseOf, type MockColumn, type MockForeignKey, type MockTable, type MockUnique } from "./table.ts"
import type { Variant } from "./variants.ts"

/** How a unique key is kept: by a column that has its own value in every row, or by going through the combinations of few values. */
export type UniquePlan =
  | { readonly kind: "column"; readonly unique: MockUnique; readonly column: string }
  /** One child per parent: the key is a foreign key and nothing else. */
  | { readonly kind: "parent"; readonly unique: MockUnique; readonly foreignKey: MockForeignKey }
  | { readonly kind: "product"; readonly unique: MockUnique; readonly members: readonly Member[] }
  /** PostgreSQL keeps it (a sequence is in it), or nobody can plan it. */
  | { readonly kind: "left"; readonly unique: MockUnique }

export type Member =
  | { readonly kind: "parents"; readonly foreignKey: MockForeignKey }
  | { readonly kind: "values"; readonly column: string; readonly values: readonly string[] }

/** Types in which every row can have its own value, best first. */
const CARRIERS = ["uuid", "text", "varchar", "citext", "bpchar", "int8", "int4", "numeric", "timestamptz", "timestamp", "inet", "macaddr", "date", "float8", "int2", "bytea", "ltree", "jsonb", "interval", "name", "varbit", "macaddr8", "pg_lsn"]

/**
 * @param left      columns that PostgreSQL fills: sequences, generated columns, defaults nself keeps
 * @param variants  what checks say; a column with a list of values is few values
 */
export async function uniquePlans(table: MockTable, left: ReadonlySet<string>, variants: readonly Variant[]): Promise<readonly UniquePlan[]> {
  const plans: UniquePlan[] = []
  const wide = table.columns.filter(column => isWide(column, table, left, variants))
  for (const unique of table.uniques.toSorted((a, b) => a.columns.length - b.columns.length)) {
    const named = [...unique.columns, ...(await Promise.all(unique.expressions.map(columnsIn))).flat()]
    plans.push(planOf(unique, named, { table, wide, left, variants }, plans))
  }
  return plans
}

interface Known {
  readonly table: MockTable
  readonly wide: readonly MockColumn[]
  readonly left: ReadonlySet<string>
  readonly variants: readonly Variant[]
}

function planOf(unique: MockUnique, named: readonly string[], { table, wide, left, variants }: Known, plans: readonly UniquePlan[]): UniquePlan {
  if (named.some(name => left.has(name))) return { kind: "left", unique }
  const taken = plans.find(plan => plan.kind === "column" && named.includes(plan.column))
  if (taken?.kind === "column") return { kind: "column", unique, column: taken.column }
  const parent = table.foreignKeys.find(key => sameSet(key.columns, named))
  if (parent && unique.expressions.length === 0 && unique.predicate === null) return { kind: "parent", unique, foreignKey: parent }
  const carrier = CARRIERS.flatMap(type => wide.filter(column => base(column).name === type && named.includes(column.name)))[0]
  if (carrier) return { kind: "column", unique, column: carrier.name }
  const members = membersOf(named, table, variants)
  return members ? { kind: "product", unique, members } : { kind: "left", unique }
}

/** Foreign keys whole, and columns with few values; `null` where a column is neither. */
function membersOf(named: readonly string[], table: MockTable, variants: readonly Variant[]): readonly Member[] | null {
  const members: Member[] = []
  let open = [...named]
  for (const foreignKey of table.foreignKeys.toSorted((a, b) => b.columns.length - a.columns.length)) {
    if (!foreignKey.columns.some(name => open.includes(name)) || (foreignKey.columns.length > 1 && !foreignKey.columns.every(name => named.includes(name)))) continue
    members.push({ kind: "parents", foreignKey })
    open = open.filter(name => !foreignKey.columns.includes(name))
  }
  for (const name of open) {
    const values = few(table.columns.find(column => column.name === name)!, variants)
    if (!values) return null
    members.push({ kind: "values", column: name, values })
  }
  return members
}

function few({ name, type }: MockColumn, variants: readonly Variant[]): readonly string[] | null {
  const listed = variants.map(variant => variant.get(name)?.values ?? null)
  if (listed.length > 0 && listed.every(values => values !== null)) return listed.reduce((a, b) => a.filter(value => b.includes(value)))
  const inner = baseOf(type)
  return inner.kind === "enum" ? inner.labels : inner.name === "bool" ? ["false", "true"] : null
}

function isWide(column: MockColumn, table: MockTable, left: ReadonlySet<string>, variants: readonly Variant[]): boolean {
  if (left.has(column.name) || table.foreignKeys.some(key => key.columns.includes(column.name))) return false
  const { kind, name } = base(column)
  return kind === "base" && CARRIERS.includes(name) && !variants.some(variant => variant.get(column.name)?.values)
}

const base = ({ type }: MockColumn) => baseOf(type)
const sameSet = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every(one => b.includes(one))

/** The columns that stand anywhere in an expression. */
async function columnsIn(expression: string): Promise<readonly string[]> {
  const names: string[] = []
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== "object") return
    const fields = (node as { ColumnRef?: { fields?: readonly { String?: { sval?: string } }[] } }).ColumnRef?.fields
    if (fields) names.push(...fields.slice(-1).flatMap(field => field.String?.sval ?? []))
    for (const value of Object.values(node)) walk(value)
  }
  walk(await parseExpression(expression))
  return names
}
