import type { CatalogObject } from "../core/catalog.ts"
import { ident, literal } from "../core/ident.ts"
import { commented, HOME, id, KEY, NOT_EXTENSION, qualified, USER_SCHEMA, type Named, type Reader, type Swap, type Writer } from "./kind.ts"
import { swapType, USERS, type TypeUser } from "./type-users.ts"

export interface EnumData extends Named {
  readonly labels: readonly string[]
  /** Columns of this type: the swap of a type alters each of them. */
  readonly columns: readonly TypeUser[]
}
interface Row extends EnumData { readonly oid: string; readonly key: string; readonly comment: string | null }

export const enumReader: Reader<Row> = {
  query: `
    select t.oid::int8::text as oid, ${KEY("n", "t.typname")} as key, ${HOME("n")} as schema, t.typname as name,
      (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels,
      ${USERS("t")} as columns,
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

/** Labels that go need a new type. */
function swapEnum(want: CatalogObject<EnumData>, have: CatalogObject<EnumData>): Swap {
  const type = qualified(want.data)
  return swapType(want.data, [make(want.data)], have.data.columns, (column, array) => (array ? `${column}::text[]::${type}[]` : `${column}::text::${type}`))
}

export const enumWriter: Writer<EnumData> = {
  create: ({ data }) => [make(data)],
  drop: ({ data }) => [`DROP TYPE ${qualified(data)}`],
  alter: (want, have) => (onlyAdds(want.data.labels, have.data.labels) ? addValues(want.data, have.data.labels) : null),
  swap: swapEnum,
  rename: (have, want) => `ALTER TYPE ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
