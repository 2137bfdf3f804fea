import type { Catalog, CatalogObject, Drift, ObjectId } from "../core/catalog.ts"
import { bearerOf } from "../core/prune.ts"
import type { ColumnData, DefaultData } from "../kinds/column.ts"
import type { ConstraintData } from "../kinds/constraint.ts"
import type { EnumData } from "../kinds/enum.ts"
import type { Named } from "../kinds/kind.ts"
import type { SequenceData } from "../kinds/sequence.ts"
import type { ViewData } from "../kinds/view.ts"
import { columnCode, propertyName, quote, sqlCode, type Code } from "./lines-column.ts"
import { extraCode } from "./lines-table.ts"

/** What to do in the schema files, in the order in which it makes sense. */
export interface SchemaLines {
  /** `import { index, text } from "drizzle-orm/pg-core"`. */
  readonly imports: readonly string[]
  /** Whole declarations to add. */
  readonly declarations: readonly string[]
  /** `np_documents: add the column` and the line itself. */
  readonly edits: readonly { readonly what: string; readonly code: string | null }[]
}

/**
 * How a Drizzle schema says what a database has and it does not: declarations for what is new, lines for what is new or changed in a
 * table, and words for what has to go.
 *
 * @param drift   pruned; `extra` is what the database has
 * @param catalog the database's
 */
export function schemaLines(drift: Drift, catalog: Catalog): SchemaLines {
  const context = contextOf(catalog)
  const codes: Code[] = []
  const taken = (code: Code | null): string | null => {
    if (code) codes.push(code)
    return code?.text ?? null
  }
  const declarations = drift.extra.filter(declares).toSorted(inOrder).flatMap(object => taken(declaration(object, context)) ?? [])
  const edits = [
    ...drift.extra.filter(object => !declares(object)).map(object => ({ what: `${where(object)}: add the ${object.kind} ${nameOf(object)}`, code: taken(lineOf(object, context)) })),
    ...drift.changed.map(({ have }) => ({ what: `${where(have)}: ${have.kind} ${nameOf(have)} is`, code: taken(declares(have) ? declaration(have, context) : lineOf(have, context)) })),
    ...drift.missing.filter(object => SAYABLE.includes(object.kind)).map(object => ({ what: `${where(object)}: take the ${object.kind} ${nameOf(object)} out`, code: null })),
  ].filter(edit => edit.code !== null || edit.what.endsWith(" out"))
  const names = [...new Set(codes.flatMap(code => code.imports))].toSorted()
  const core = names.filter(name => name !== "sql")
  return {
    imports: [...(core.length > 0 ? [`import { ${core.join(", ")} } from "drizzle-orm/pg-core"`] : []), ...(names.includes("sql") ? [`import { sql } from "drizzle-orm"`] : [])],
    declarations, edits,
  }
}

const SAYABLE: readonly string[] = ["table", "column", "default", "constraint", "index", "policy", "enum", "view", "materialized view", "sequence", "schema"]
/** In this order one declaration may use the ones before it. */
const DECLARED: readonly string[] = ["schema", "enum", "sequence", "table", "view", "materialized view"]
const declares = ({ kind }: CatalogObject): boolean => DECLARED.includes(kind)
const inOrder = (a: CatalogObject, b: CatalogObject): number => DECLARED.indexOf(a.kind) - DECLARED.indexOf(b.kind) || a.rank - b.rank
const nameOf = ({ data, key }: CatalogObject): string => (data as { readonly name?: string; readonly column?: string }).name ?? (data as { readonly column?: string }).column ?? key
const where = ({ data, key }: CatalogObject): string => (data as { readonly table?: Named }).table?.name ?? key

interface LinesContext {
  readonly catalog: Catalog
  readonly children: ReadonlyMap<ObjectId | null, readonly CatalogObject[]>
  readonly enums: ReadonlyMap<string, string>
  readonly tableNames: ReadonlyMap<string, string>
  readonly owned: ReadonlySet<string>
}

function contextOf(catalog: Catalog): LinesContext {
  const objects = [...catalog.objects.values()]
  const named = (kind: string) => new Map(objects.filter(object => object.kind === kind).map(object => [object.key, propertyName((object.data as Named).name)] as const))
  return {
    catalog, children: Map.groupBy(objects, object => object.parent), enums: named("enum"), tableNames: named("table"),
    owned: new Set(objects.filter(object => object.kind === "sequence owner").map(object => object.detail)),
  }
}

function lineOf(object: CatalogObject, context: LinesContext): Code | null {
  if (object.kind === "column") return withComma(columnOf(object as CatalogObject<ColumnData>, context, false))
  if (object.kind === "default") return lineOf(context.catalog.objects.get(object.parent!)!, context)
  return withComma(extraCode(object, context.tableNames))
}

const withComma = (code: Code | null): Code | null => code && { ...code, text: `${code.text},` }

function columnOf(column: CatalogObject<ColumnData>, { catalog, enums, owned }: LinesContext, primary: boolean): Code {
  const value = (catalog.objects.get(`default:${column.key}`)?.data as DefaultData | undefined)?.expression ?? null
  return columnCode(column.data, { value, enums, primary, serial: owned.has(column.key) && value !== null && value.startsWith("nextval(") && column.data.notNull })
}

function declaration(object: CatalogObject, context: LinesContext): Code | null {
  switch (object.kind) {
    case "table": return tableCode(object as CatalogObject<Named & { readonly rls: boolean }>, context)
    case "enum": return call(object.data as EnumData, "pgEnum", "enum", `, [${(object.data as EnumData).labels.map(quote).join(", ")}]`)
    case "schema": return { text: `export const ${propertyName(object.key)} = pgSchema(${quote(nameOf(object))})`, imports: ["pgSchema"] }
    case "sequence": return bearerOf(context.catalog, object) === null ? sequenceCode(object.data as SequenceData) : null
    case "view":
    case "materialized view": return viewCode(object.data as ViewData)
    default: return null
  }
}

/** `export const mood = pgEnum("mood"…`, or `app.enum("mood"…` in a schema of its own. */
function call(named: Named, home: string, away: string, rest: string): Code {
  const what = named.schema === null ? `${home}(${quote(named.name)}` : `${propertyName(named.schema)}.${away}(${quote(named.name)}`
  return { text: `export const ${propertyName(named.name)} = ${what}${rest})`, imports: named.schema === null ? [home] : [] }
}

function tableCode(table: CatalogObject<Named & { readonly rls: boolean }>, context: LinesContext): Code {
  const children = (context.children.get(table.id) ?? []).toSorted((a, b) => a.rank - b.rank)
  const keys = children.filter(child => child.kind === "constraint").map(child => child.data as ConstraintData).filter(data => data.type === "p")
  const single = keys[0]?.columns.length === 1 && keys[0].name === `${table.data.name}_pkey` && !keys[0].verbatim ? keys[0].columns[0] : undefined
  const columns = children.filter(child => child.kind === "column").map(child => columnOf(child as CatalogObject<ColumnData>, context, (child.data as ColumnData).name === single))
  const extras = children.filter(child => !(child.kind === "constraint" && (child.data as ConstraintData).type === "p" && single !== undefined)).flatMap(child => extraCode(child, context.tableNames) ?? [])
  const list = extras.length === 0 ? "" : `, t => [\n${extras.map(code => `  ${code.text},\n`).join("")}]`
  const made = call(table.data, "pgTable", "table", `, {\n${columns.map(code => `  ${code.text},\n`).join("")}}${list}`)
  const rls = table.data.rls && !children.some(child => child.kind === "policy")
  return { text: `${made.text}${rls ? ".enableRLS()" : ""}`, imports: [...made.imports, ...[...columns, ...extras].flatMap(code => code.imports)] }
}

function sequenceCode(data: SequenceData): Code {
  return call(data, "pgSequence", "sequence", `, { startWith: ${quote(data.start)}, increment: ${quote(data.increment)}, minValue: ${quote(data.min)}, maxValue: ${quote(data.max)}, cache: ${quote(data.cache)}, cycle: ${data.cycle} }`)
}

function viewCode(data: ViewData): Code {
  const columns = data.columns.map(text => {
    const cut = text.indexOf(" ")
    return columnCode({ name: text.slice(0, cut), type: text.slice(cut + 1), generated: "", identity: "", notNull: false, sequence: null } as unknown as ColumnData, { value: null, serial: false, primary: false, enums: new Map() })
  })
  const [home, away] = data.materialized ? ["pgMaterializedView", "materializedView"] : ["pgView", "view"]
  const made = call(data, home!, away!, `, { ${columns.map(code => code.text).join(", ")} }`)
  return { text: `${made.text}.as(${sqlCode(data.definition.trim().replace(/;$/, ""))})`, imports: [...made.imports, "sql", ...columns.flatMap(code => code.imports)] }
}
