import type { CatalogObject, Implied, ObjectId } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { optionChange, optionClause, type ForeignOptions } from "./foreign.ts"
import { linkId, type ParentRow } from "./inheritance.ts"
import { commented, id, qualified, type Entry, type Named, type Writer } from "./kind.ts"
import { moveInside, sequenceOptions, type SequenceData } from "./sequence.ts"
import { wayBetween } from "./type-users.ts"

export interface IdentityOptions extends Omit<SequenceData, "owner" | "schema" | "name"> {
  /** The key of the sequence inside; its name is taken as long as the identity is there. */
  readonly key?: string
}

export interface ColumnRow {
  readonly num: number
  readonly name: string
  /** `format_type`: `timestamp with time zone`. */
  readonly type: string
  /** `pg_type.typname` of PostgreSQL's own types: `timestamptz`, `_varchar`; `null` for others. */
  readonly typeName: string | null
  readonly category: string
  /** The same of an array's elements. */
  readonly element: string | null
  readonly enum: boolean
  /** oid of the type without its modifiers. */
  readonly base: string
  readonly notNull: boolean
  readonly identity: "" | "a" | "d"
  readonly generated: "" | "s" | "v"
  readonly expression: string | null
  readonly defaultOid: string | null
  readonly collation: string | null
  readonly sequence: IdentityOptions | null
  /** The column of a parent table that hands it down, and what it has there. */
  readonly inherited: { readonly parent: string; readonly notNull: boolean; readonly local: boolean; /** It says NOT NULL itself too: 18 keeps that apart. */ readonly own: boolean; readonly default: string | null } | null
  /** Options of a foreign table's column. */
  readonly options: ForeignOptions
  readonly comment: string | null
}
export interface ColumnData extends ColumnRow {
  readonly table: Named
}
export interface DefaultData {
  readonly table: Named
  readonly column: string
  readonly expression: string
}

/** A column and, apart from it, its default: a default can be dropped and set again around a change of what it needs. */
export function columnEntries(table: Named & { readonly oid: string; readonly key: string; readonly id: ObjectId; readonly parents: readonly ParentRow[] }, row: ColumnRow): readonly Entry[] {
  const key = `${table.key}.${row.name}`
  const data: ColumnData = { ...row, table: { schema: table.schema, name: table.name } }
  const implied = impliedBy(table, row)
  const column = commented({
    address: `pg_class:${table.oid}:${row.num}`,
    object: { id: id("column", key), kind: "column", key, parent: table.id, detail: detail(data), data, rank: row.num, ...(implied ? { implied } : {}) },
    ...(implied ? { needs: [implied.from] } : {}),
  }, `COLUMN ${qualified(table)}.${ident(row.name)}`, row.comment)
  const above = row.inherited?.default ?? null
  if (row.generated !== "" || (row.expression === null && above === null)) return column
  // what a parent has as a default and a child has not, the child was told so
  const value: DefaultData = { table: data.table, column: row.name, expression: row.expression === null ? "NULL" : plainDefault(row.expression, row.type) }
  const from = implied && above !== null ? implied.from.replace("column:", "default:") as ObjectId : null
  return [...column, {
    address: `pg_attrdef:${row.defaultOid ?? `none ${key}`}:0`, ...(from ? { needs: [from] } : {}),
    object: {
      id: id("default", key), kind: "default", key, parent: id("column", key), detail: value.expression, data: value, rank: row.num,
      ...(from && row.expression === above ? { implied: { by: implied!.by, from, detail: "", needed: true, local: false } } : {}),
    },
  }]
}

/** A child may say NOT NULL where its parent does not; all else it takes as it comes. */
function impliedBy(table: { readonly key: string; readonly parents: readonly ParentRow[] }, row: ColumnRow): Implied | null {
  if (row.inherited === null) return null
  const parent = table.parents.find(one => one.key === row.inherited!.parent)!
  return { by: linkId(table.key, parent), from: id("column", `${parent.key}.${row.name}`), detail: row.notNull && !row.inherited.notNull ? "NOT NULL" : "", needed: true, local: row.inherited.local }
}

/** `'primary'::text` on a text column is `'primary'`, `'0'::numeric` on a numeric(10,2) one is `'0'`: an untyped literal takes the column's type anyway. */
export function plainDefault(expression: string, type: string): string {
  const cast = `::${type.startsWith("numeric(") ? "numeric" : type}`
  if (!expression.startsWith("'") || !expression.endsWith(cast)) return expression
  const text = expression.slice(0, -cast.length)
  return /^'(?:[^']|'')*'$/.test(text) ? text : expression
}

/** PostgreSQL's short name where it has one, with the modifiers as `format_type` prints them. */
export function typeText(column: Pick<ColumnRow, "type" | "typeName">): string {
  const long: Record<string, string> = { timestamptz: "timestamp with time zone", timetz: "time with time zone", timestamp: "timestamp without time zone", time: "time without time zone", varchar: "character varying" }
  const name = (column.typeName ?? "").replace(/^_/, "")
  const words = long[name]?.split(" ")
  if (!words) return column.type
  // the modifier stands behind the first word of the time types: timestamp(3) with time zone
  const modifier = /\(\d+\)/.exec(column.type)?.[0] ?? ""
  return `${name}${modifier}${column.type.endsWith("[]") ? "[]" : ""}`
}

const optionsText = (column: ColumnRow): string => (column.sequence === null ? "" : sequenceOptions({ ...column.sequence, type: "bigint", max: ownMax(column) }))

const identityText = (column: ColumnRow): string => {
  const options = optionsText(column)
  return `GENERATED ${column.identity === "a" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${options === "" ? "" : ` (${options})`}`
}

/** An identity takes its sequence type from the column, so the type's own maximum is no option. */
function ownMax(column: ColumnRow): string {
  const top = { smallint: "32767", integer: "2147483647" }[column.sequence!.type]
  return column.sequence!.max === top ? "9223372036854775807" : column.sequence!.max
}

const generatedText = (column: ColumnRow): string => `GENERATED ALWAYS AS (${column.expression}) ${column.generated === "v" ? "VIRTUAL" : "STORED"}`

const detail = (column: ColumnData): string => [
  typeText(column),
  optionClause(column.options).trim(),
  column.collation === null ? "" : `COLLATE ${column.collation}`,
  column.identity === "" ? "" : identityText(column),
  column.generated === "" ? "" : generatedText(column),
  column.notNull ? "NOT NULL" : "",
].filter(Boolean).join(" ")

const SERIAL: Readonly<Record<string, string>> = { smallint: "smallserial", integer: "serial", bigint: "bigserial" }

/** True where the sequence of this column is made with it, by the word `serial`. */
export const isSerial = (column: CatalogObject, children: readonly CatalogObject[]): boolean =>
  children.some(child => child.kind === "sequence owner" && child.detail === column.key)

/** The default of a column among the children that are created with it. */
export const defaultOf = (column: CatalogObject, children: readonly CatalogObject[]): string | null =>
  (children.find(child => child.kind === "default" && child.key === column.key)?.data as DefaultData | undefined)?.expression ?? null

/** One line of CREATE TABLE, in the spec's order: type, PRIMARY KEY, DEFAULT, NOT NULL. */
export function columnClause(column: ColumnData, value: string | null, primary: boolean, serial = false): string {
  return [
    ident(column.name), serial ? SERIAL[column.type] : typeText(column),
    optionClause(column.options).trim(),
    column.collation === null ? "" : `COLLATE ${column.collation}`,
    primary ? "PRIMARY KEY" : "",
    value === null || serial ? "" : `DEFAULT ${bracketed(value)}`,
    column.identity === "" ? "" : identityText(column),
    column.generated === "" ? "" : generatedText(column),
    column.notNull ? "NOT NULL" : "",
  ].filter(Boolean).join(" ")
}

/** Words that end what may stand behind DEFAULT without brackets, because constraints begin with them or could. */
const WORDS = /\b(AND|OR|NOT|IS|IN|BETWEEN|LIKE|ILIKE|SIMILAR|COLLATE|AT)\b/

/** `(1 > 0 AND NOT false)`: PostgreSQL prints it without the brackets that it wants around it here. */
function bracketed(value: string): string {
  return WORDS.test(value.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "")) ? `(${value})` : value
}

/** True where values move from one type to another, so that what was written over the column must step aside. */
export const retyped = (want: ColumnData, have: ColumnData): boolean => want.type !== have.type || want.collation !== have.collation

function alter(want: CatalogObject<ColumnData>, have: CatalogObject<ColumnData>): string[] | null {
  const [w, h] = [want.data, have.data]
  if (want.implied && have.implied) return [`ALTER TABLE ${qualified(w.table)} ALTER COLUMN ${ident(w.name)} ${w.notNull ? "SET" : "DROP"} NOT NULL`]
  // a generated column keeps nothing of its own: making it again loses no data, and turning a plain one into it is asked for by name
  if (w.generated !== h.generated || (w.generated !== "" && (w.expression !== h.expression || retyped(w, h)))) return null
  const at = `ALTER TABLE ${qualified(w.table)} ALTER COLUMN ${ident(w.name)}`
  const sequenceChanged = w.identity !== "" && h.identity !== "" && JSON.stringify(w.sequence) !== JSON.stringify(h.sequence) && optionsText(w) !== optionsText(h)
  return [
    ...(h.identity !== "" && w.identity === "" ? [`${at} DROP IDENTITY`] : []),
    ...(h.notNull && !w.notNull ? [`${at} DROP NOT NULL`] : []),
    ...(sequenceChanged && h.sequence!.key !== undefined ? moveInside(h.sequence!.key, at, w.sequence!, h.sequence!) : []),
    ...(sequenceChanged && narrower(w, h) ? [`${at} ${identityOptions(w, h)}`] : []),
    ...(retyped(w, h) ? [`${at} SET DATA TYPE ${typeText(w)}${w.collation === null ? "" : ` COLLATE ${w.collation}`}${want.parent?.startsWith("foreign table:") ? "" : using(w, h)}`] : []),
    ...(optionChange(w.options, h.options) === "" ? [] : [`ALTER FOREIGN ${at.slice("ALTER ".length)}${optionChange(w.options, h.options)}`]),
    ...(!h.notNull && w.notNull ? [`${at} SET NOT NULL`] : []),
    ...(w.identity !== "" && h.identity === "" ? [`${at} ADD ${identityText(w)}`] : []),
    ...(sequenceChanged && !narrower(w, h) ? [`${at} ${identityOptions(w, h)}`] : []),
    ...(w.identity !== "" && h.identity !== "" && w.identity !== h.identity ? [`${at} SET GENERATED ${w.identity === "a" ? "ALWAYS" : "BY DEFAULT"}`] : []),
  ]
}

/** Set one by one, because an identity that is dropped and added forgets its position and gives out numbers that are taken. */
function identityOptions(want: ColumnData, have: ColumnData): string {
  const [w, h] = [want.sequence!, have.sequence!]
  const apart = BigInt(w.max) < BigInt(h.min) || BigInt(w.min) > BigInt(h.max)
  return `SET INCREMENT BY ${w.increment} SET MINVALUE ${w.min} SET MAXVALUE ${w.max} SET START WITH ${w.start} SET CACHE ${w.cache} SET ${w.cycle ? "" : "NO "}CYCLE${apart ? " RESTART" : ""}`
}

/** Bounds must fit both types: they shrink before the type does, and grow after it. */
function narrower(want: ColumnData, have: ColumnData): boolean {
  const sizes = ["smallint", "integer", "bigint"]
  return sizes.indexOf(want.type) < sizes.indexOf(have.type)
}

function using(want: ColumnData, have: ColumnData): string {
  if (want.base === have.base && want.typeName !== null) return ""
  const lists = want.category === "A" && have.category === "A" ? "[]" : ""
  if ((want.element === null) !== (have.element === null)) return ` USING ${ident(want.name)}::text::${typeText(want)}`
  return ` USING ${ident(want.name)}${want.enum || have.enum ? `::text${lists}` : wayBetween(want.element ?? want.category, have.element ?? have.category)}::${typeText(want)}`
}

export const column: Writer<ColumnData> = {
  create: (object, children) => [`ALTER TABLE ${qualified(object.data.table)} ADD COLUMN ${columnClause(object.data, defaultOf(object, children), false, isSerial(object, children))}`],
  drop: ({ data }) => [`ALTER TABLE ${qualified(data.table)} DROP COLUMN ${ident(data.name)}`],
  alter,
  rename: (have, want) => `ALTER TABLE ${qualified(have.data.table)} RENAME COLUMN ${ident(have.data.name)} TO ${ident(want.data.name)}`,
}

const at = (data: DefaultData) => `ALTER TABLE ${qualified(data.table)} ALTER COLUMN ${ident(data.column)}`

export const defaultWriter: Writer<DefaultData> = {
  create: ({ data }) => [`${at(data)} SET DEFAULT ${data.expression}`],
  drop: ({ data }) => [`${at(data)} DROP DEFAULT`],
  alter: want => [`${at(want.data)} SET DEFAULT ${want.data.expression}`],
}
