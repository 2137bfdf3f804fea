import type { CatalogObject } from "../core/catalog.ts"
import { ident, literal } from "../core/ident.ts"
import { commented, HOME, id, KEY, NOT_EXTENSION, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface EnumData extends Named {
  readonly labels: readonly string[]
  /** Columns of this type: the swap of a type alters each of them. `array` says how many dimensions are written. */
  readonly columns: readonly { readonly schema: string | null; readonly table: string; readonly column: string; readonly array: boolean; readonly default: string | null }[]
}
interface Row extends EnumData { readonly oid: string; readonly key: string; readonly comment: string | null }

export const enumReader: Reader<Row> = {
  query: `
    select t.oid::int8::text as oid, ${KEY("n", "t.typname")} as key, ${HOME("n")} as schema, t.typname as name,
      (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels,
      coalesce((select json_agg(json_build_object('schema', nullif(cn.nspname, $1::name), 'table', c.relname, 'column', a.attname,
          'array', a.atttypid = t.typarray, 'default', pg_get_expr(d.adbin, d.adrelid)) order by c.oid, a.attnum)
        from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') join pg_namespace cn on cn.oid = c.relnamespace
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where a.atttypid in (t.oid, t.typarray) and a.attnum > 0 and not a.attisdropped), '[]') as columns,
      obj_description(t.oid, 'pg_type') as comment
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'e' and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_type", "t.oid")}`,
  read: row => commented({
    address: `pg_type:${row.oid}:0`,
    object: {
      id: id("enum", row.key), kind: "enum", key: row.key, parent: null, detail: (row.labels ?? []).map(literal).join(", "),
      data: { schema: row.schema, name: row.name, labels: row.labels ?? [], columns: row.columns }, rank: Number(row.oid),
    },
  }, `TYPE ${qualified(row)}`, row.comment),
}

/** True where every old label stands in the new list in the same order, so that only ADD VALUE is needed. */
export function onlyAdds(want: readonly string[], have: readonly string[]): boolean {
  const kept = want.filter(label => have.includes(label))
  return kept.length === have.length && kept.every((label, i) => label === have[i])
}

function addValues(data: EnumData, have: readonly string[]): string[] {
  const present = [...have]
  return data.labels.flatMap((label, i) => {
    if (present.includes(label)) return []
    const after = i === 0 ? -1 : present.indexOf(data.labels[i - 1]!)
    const where = after === present.length - 1 ? "" : after >= 0 ? ` AFTER ${literal(present[after]!)}` : ` BEFORE ${literal(present[0]!)}`
    present.splice(after + 1, 0, label)
    return [`ALTER TYPE ${qualified(data)} ADD VALUE ${literal(label)}${where}`]
  })
}

const make = (data: EnumData) => `CREATE TYPE ${qualified(data)} AS ENUM (${data.labels.map(literal).join(", ")})`

/** Labels that go need a new type: the old one steps aside, every column that has it moves over, the old one goes. */
export function swapEnum(want: CatalogObject<EnumData>, have: CatalogObject<EnumData>): string[] {
  const aside = `${want.data.name.slice(0, 50)}__old`
  const type = qualified(want.data)
  const moved = have.data.columns.flatMap(column => {
    const table = qualified({ schema: column.schema, name: column.table })
    const to = column.array ? `${type}[]` : type
    const via = column.array ? "text[]" : "text"
    return [`ALTER TABLE ${table} ALTER COLUMN ${ident(column.column)} SET DATA TYPE ${to} USING ${ident(column.column)}::${via}::${to}`]
  })
  return [`ALTER TYPE ${type} RENAME TO ${ident(aside)}`, make(want.data), ...moved, `DROP TYPE ${qualified({ schema: want.data.schema, name: aside })}`]
}

export const enumWriter: Writer<EnumData> = {
  create: ({ data }) => [make(data)],
  drop: ({ data }) => [`DROP TYPE ${qualified(data)}`],
  alter: (want, have) => (onlyAdds(want.data.labels, have.data.labels) ? addValues(want.data, have.data.labels) : swapEnum(want, have)),
  rename: (have, want) => `ALTER TYPE ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
