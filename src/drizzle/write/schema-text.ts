import type { Catalog, CatalogObject, KindName } from "../../core/catalog.ts"
import type { ColumnData, DefaultData } from "../../kinds/column.ts"
import type { ConstraintData } from "../../kinds/constraint.ts"
import type { EnumData } from "../../kinds/enum.ts"
import type { IndexData } from "../../kinds/index-kind.ts"
import type { PolicyData } from "../../kinds/policy.ts"
import { sequenceOptions, type SequenceData } from "../../kinds/sequence.ts"
import type { TableData } from "../../kinds/table.ts"
import type { ViewColumn } from "../../kinds/view-columns.ts"
import type { ViewData } from "../../kinds/view.ts"
import { typeCall } from "./column-text.ts"
import type { Target } from "./constraint-text.ts"
import { storageConfig } from "./index-text.ts"
import { camel, exportNamer, member, namer, property, quoted } from "./names.ts"
import { sequenceConfig } from "./sequence-text.ts"
import { sourceFile, type OwnTypes, type SourceFile } from "./source-file.ts"
import { tableText } from "./table-text.ts"

export interface WrittenFile {
  /** `users.ts` */
  readonly name: string
  readonly text: string
}

/** Files whose names tables may not take. */
const TYPES = "types"
const VIEWS = "views"

/** A database as a Drizzle schema: a file per table, one for types, one for views, and the barrel that exports them all. */
export function schemaText(catalog: Catalog, viewColumns: readonly ViewColumn[]): readonly WrittenFile[] {
  const all = reader(catalog)
  const exportName = exportNamer()
  const fileName = namer(["index", TYPES, VIEWS])
  const tables = all<TableData>("table").map(object => ({
    object, exportName: exportName(camel(object.data.name), camel(`${object.data.schema ?? "public"}_${object.data.name}`)),
    file: fileName(safeFile(object.data.name), safeFile(object.key)), keys: keysOf(all<ColumnData>("column", object.id).map(column => column.data.name)),
  }))
  const types = typesIn(catalog, exportName, viewColumns)
  const files = [typesFile(catalog, types, exportName)]
  const schemas = types.schemas
  for (const { object, exportName: name, file, keys } of tables) {
    const source = sourceFile(file, types)
    const target = (key: ConstraintData): Target | null => {
      const other = tables.find(one => one.object.key === key.target!.key)
      if (!other) return null
      return { table: other.exportName, circular: leadsTo(all, other.object.key, object.key), memberOf: column => member(source.from(other.file, other.exportName), other.keys.get(column) ?? column) }
    }
    const columns = all<ColumnData>("column", object.id)
    source.add(tableText({
      table: object.data, exportName: name, maker: makerIn(source, schemas, object.data.schema, "pgTable", "table"), columns, keys,
      defaults: new Map(columns.flatMap(column => all<DefaultData>("default", column.id).map(one => [column.data.name, one.data.expression] as const))),
      serials: new Set(columns.filter(column => isSerial(catalog, column)).map(column => column.data.name)),
      constraints: all<ConstraintData>("constraint", object.id).map(one => one.data).toSorted(byKind),
      indexes: all<IndexData>("index", object.id).map(one => one.data), policies: all<PolicyData>("policy", object.id).map(one => one.data), targetOf: target,
    }, source.use))
    files.push(source)
  }
  files.push(viewsFile(catalog, viewColumns, types, exportName, schemas))
  const written = files.filter(file => !file.isEmpty())
  const barrel = written.map(file => `export * from "./${file.name}"\n`).toSorted().join("")
  return [...written.map(file => ({ name: `${file.name}.ts`, text: file.text() })), { name: "index.ts", text: barrel === "" ? "export {}\n" : barrel }]
}

type All = <D>(kind: KindName, parent?: string) => readonly CatalogObject<D>[]

/** Objects of one kind in their order of creation; those below `parent` where it is given. */
function reader(catalog: Catalog): All {
  const byKind = Map.groupBy(catalog.objects.values(), object => object.kind)
  const byParent = new Map([...byKind].map(([kind, objects]) => [kind, Map.groupBy(objects, object => object.parent as string | null)]))
  return <D>(kind: KindName, parent?: string) =>
    ((parent === undefined ? byKind.get(kind) : byParent.get(kind)?.get(parent)) ?? []).toSorted((a, b) => a.rank - b.rank) as unknown as readonly CatalogObject<D>[]
}

const safeFile = (name: string): string => name.replaceAll(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+$/, "table")
const byKind = (a: ConstraintData, b: ConstraintData): number => "pucfx".indexOf(a.type) - "pucfx".indexOf(b.type)

function keysOf(columns: readonly string[]): ReadonlyMap<string, string> {
  const name = namer()
  return new Map(columns.map(column => [column, name(camel(column), column)]))
}

/** Whether the foreign keys of `from` lead to `to`, over whichever tables; `from` itself counts. */
function leadsTo(all: All, from: string, to: string, seen: Set<string> = new Set()): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return all<ConstraintData>("constraint", `table:${from}`).some(({ data }) => data.target !== null && leadsTo(all, data.target.key, to, seen))
}

/** A sequence that `serial` would make in just this way. */
function isSerial(catalog: Catalog, { key, data }: CatalogObject<ColumnData>): boolean {
  const owned = [...catalog.objects.values()].filter(object => object.kind === "sequence owner" && object.detail === key)
  const sequence = owned.length === 1 ? (owned[0]!.data as SequenceData) : null
  const value = catalog.objects.get(`default:${key}`)?.detail ?? ""
  return sequence !== null && data.notNull && ["smallint", "integer", "bigint"].includes(data.type) && sequence.name === `${data.table.name}_${data.name}_seq`
    && value.startsWith("nextval(") && sequenceOptions(sequence) === (data.type === "bigint" ? "" : `AS ${data.type}`)
}

interface Types extends OwnTypes {
  readonly enums: readonly { readonly data: EnumData; readonly name: string }[]
  /** Types that Drizzle has no builder for, by what `format_type` prints. */
  readonly custom: ReadonlyMap<string, string>
  /** Export names of schemas. */
  readonly schemas: ReadonlyMap<string, string>
}

function typesIn(catalog: Catalog, exportName: ReturnType<typeof namer>, viewColumns: readonly ViewColumn[]): Types {
  const all = reader(catalog)
  const used = new Set([...all<ColumnData>("column").map(column => column.data), ...viewColumns].map(({ type }) => type.replace(/(?:\[\])+$/, "")))
  const schemas = new Map(all<{ name: string }>("schema").map(({ data }) => [data.name, exportName(camel(data.name), `${camel(data.name)}Schema`)]))
  const enums = all<EnumData>("enum").map(({ key, data }) => ({ key, data, name: exportName(camel(data.name), `${camel(data.name)}Enum`) }))
  const enumNames = new Map(enums.map(({ key, name }) => [key, name]))
  const custom = new Map<string, string>()
  const nameOf = (type: string): string => {
    const known = enumNames.get(type) ?? custom.get(type)
    if (known !== undefined) return known
    custom.set(type, exportName(camel(type.toLowerCase()), `${camel(type.toLowerCase())}Type`))
    return custom.get(type)!
  }
  const probe = sourceFile("probe", { file: TYPES, nameOf, isEnum: () => false })
  for (const { data } of all<ColumnData>("column")) typeCall(data, "", probe.use)
  for (const column of viewColumns) typeCall(column, "", probe.use)
  return { file: TYPES, nameOf, isEnum: type => enumNames.has(type), enums: enums.filter(one => one.data.labels.length > 0 || used.has(one.key)), custom, schemas }
}

function typesFile(catalog: Catalog, types: Types, exportName: ReturnType<typeof namer>): SourceFile {
  const file = sourceFile(TYPES, types)
  for (const [schema, name] of types.schemas) file.add(`export const ${name} = ${file.use.builder("pgSchema")}(${quoted(schema)})\n`)
  for (const { data, name } of types.enums) file.add(`export const ${name} = ${makerIn(file, types.schemas, data.schema, "pgEnum", "enum")}(${quoted(data.name)}, [${data.labels.map(quoted).join(", ")}])\n`)
  for (const [type, name] of types.custom) file.add(`export const ${name} = ${file.use.builder("customType")}<{ data: string }>({ dataType: () => ${quoted(type)} })\n`)
  for (const { data, key } of reader(catalog)<SequenceData>("sequence")) {
    if (catalog.objects.has(`sequence owner:${key}`) && ownerIsSerial(catalog, key)) continue
    const config = sequenceConfig(data)
    file.add(`export const ${exportName(camel(data.name), `${camel(data.name)}Sequence`)} = ${makerIn(file, types.schemas, data.schema, "pgSequence", "sequence")}(${quoted(data.name)}${config === "" ? "" : `, ${config}`})\n`)
  }
  return file
}

function ownerIsSerial(catalog: Catalog, sequence: string): boolean {
  const column = catalog.objects.get(`column:${catalog.objects.get(`sequence owner:${sequence}`)!.detail}`)
  return column !== undefined && isSerial(catalog, column as CatalogObject<ColumnData>)
}

function makerIn(file: SourceFile, schemas: ReadonlyMap<string, string>, schema: string | null, builder: string, method: string): string {
  const name = schema === null ? undefined : schemas.get(schema)
  return name === undefined ? file.use.builder(builder) : `${file.from(TYPES, name)}.${method}`
}

function viewsFile(catalog: Catalog, columns: readonly ViewColumn[], types: Types, exportName: ReturnType<typeof namer>, schemas: ReadonlyMap<string, string>): SourceFile {
  const file = sourceFile(VIEWS, types)
  const views = [...catalog.objects.values()].filter(object => object.kind === "view" || object.kind === "materialized view") as unknown as CatalogObject<ViewData>[]
  for (const { key, data } of views.toSorted((a, b) => a.rank - b.rank)) {
    const own = columns.filter(column => column.view === key)
    const keys = keysOf(own.map(column => column.name))
    const lines = own.map(column => `  ${property(keys.get(column.name)!)}: ${typeCall(column, keys.get(column.name)!, file.use)},\n`).join("")
    const maker = makerIn(file, schemas, data.schema, data.materialized ? "pgMaterializedView" : "pgView", data.materialized ? "materializedView" : "view")
    const storage = data.options.length === 0 ? "" : `.with(${storageConfig(data.options)})`
    const query = file.use.sql(data.definition.trim().replace(/;$/, ""))
    file.add(`export const ${exportName(camel(data.name), `${camel(data.name)}View`)} = ${maker}(${quoted(data.name)}, {\n${lines}})${storage}${data.materialized && !data.populated ? ".withNoData()" : ""}.as(${query})\n`)
  }
  return file
}
