import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { COLLATION, commented, commentEntry, HOME, id, KEY, NOT_EXTENSION, qualified, RELATIONS, USER_SCHEMA, type Named, type Reader, type Use, type Writer } from "./kind.ts"
import { swapType, USERS, type TypeUser } from "./type-users.ts"

interface Attribute { readonly name: string; readonly type: string; readonly collation: string | null; readonly comment: string | null }
export interface CompositeData extends Named {
  readonly attributes: readonly Attribute[]
  readonly columns: readonly TypeUser[]
}
interface Row extends CompositeData { readonly oid: string; readonly typeOid: string; readonly arrayOid: string; readonly key: string; readonly comment: string | null }

export const compositeReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, t.oid::int8::text as "typeOid", t.typarray::int8::text as "arrayOid", ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name,
      coalesce((select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'collation', ${COLLATION("a.attcollation", "b.typcollation")}, 'comment', col_description(c.oid, a.attnum)) order by a.attnum)
        from pg_attribute a join pg_type b on b.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as attributes,
      ${USERS("t")} as columns, obj_description(t.oid, 'pg_type') as comment
    from ${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = c.reltype
    where c.relkind = 'c' and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_type", "t.oid")}`,
  read: row => [
    ...commented({
      address: `pg_class:${row.oid}:0`, aliases: [`pg_type:${row.typeOid}:0`, `pg_type:${row.arrayOid}:0`],
      object: { id: id("composite type", row.key), kind: "composite type", key: row.key, parent: null, detail: list(row), data: row, rank: Number(row.oid) },
    }, `TYPE ${qualified(row)}`, row.comment),
    ...row.attributes.flatMap(attribute => commentEntry(`column ${row.key}.${attribute.name}`, { id: id("composite type", row.key), rank: Number(row.oid) }, `COLUMN ${qualified(row)}.${ident(attribute.name)}`, attribute.comment)),
  ],
}

const said = (attribute: Attribute) => `${ident(attribute.name)} ${attribute.type}${attribute.collation === null ? "" : ` COLLATE ${attribute.collation}`}`
const list = (data: CompositeData) => data.attributes.map(said).join(", ")
const make = (data: CompositeData) => `CREATE TYPE ${qualified(data)} AS (${list(data)})`

/** In place where attributes only go, come at the end, or (while no column has the type) change their types. */
function alter({ data: w }: CatalogObject<CompositeData>, { data: h }: CatalogObject<CompositeData>, { used }: Use): string[] | null {
  const wanted = new Map(w.attributes.map(attribute => [attribute.name, attribute]))
  const kept = h.attributes.filter(attribute => wanted.has(attribute.name))
  const retyped = kept.filter(attribute => said(wanted.get(attribute.name)!) !== said(attribute))
  const fresh = w.attributes.filter(attribute => !kept.some(old => old.name === attribute.name))
  if (retyped.length > 0 && used) return null
  if ([...kept, ...fresh].some((attribute, i) => attribute.name !== w.attributes[i]!.name)) return null
  const at = `ALTER TYPE ${qualified(w)}`
  return [
    ...h.attributes.filter(attribute => !kept.includes(attribute)).map(attribute => `${at} DROP ATTRIBUTE ${ident(attribute.name)}`),
    ...retyped.map(({ name }) => `${at} ALTER ATTRIBUTE ${said(wanted.get(name)!).replace(ident(name), () => `${ident(name)} SET DATA TYPE`)}`),
    ...fresh.map(attribute => `${at} ADD ATTRIBUTE ${said(attribute)}`),
  ]
}

/** Attribute by attribute; what is new is NULL. An array goes by way of its text, which fits only as many attributes as before. */
function via(want: CompositeData, have: CompositeData, column: string, array: boolean): string {
  if (array) return `${column}::text::${qualified(want)}[]`
  const values = want.attributes.map(({ name, type }) => (have.attributes.some(old => old.name === name) ? `(${column}).${ident(name)}::text::${type}` : "NULL"))
  return `CASE WHEN ${column} IS NULL THEN NULL ELSE ROW(${values.join(", ")})::${qualified(want)} END`
}

export const composite: Writer<CompositeData> = {
  create: ({ data }) => [make(data)],
  drop: ({ data }) => [`DROP TYPE ${qualified(data)}`],
  alter,
  swap: (want, have) => swapType(want.data, [make(want.data)], have.data.columns, (column, array) => via(want.data, have.data, column, array)),
  rename: (have, want) => `ALTER TYPE ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
