import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { HOME, id, KEY, NOT_EXTENSION, NOT_LEDGER, qualified, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

/** How a column's values are kept and sampled, where it is not as its type has it. */
export interface ColumnStorageData {
  readonly table: Named
  readonly column: string
  readonly storage: string | null
  /** What the type has; there is no word for it before 16. */
  readonly usual: string
  readonly compression: string | null
  /** How much ANALYZE samples; `null` for the default. */
  readonly target: number | null
  /** `n_distinct=5` */
  readonly options: readonly string[]
}
interface Row extends Omit<ColumnStorageData, "table"> { readonly oid: string; readonly num: number; readonly key: string; readonly schema: string | null; readonly table: string }

const STORAGE = (column: string) => `case ${column} when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' when 'x' then 'EXTENDED' end`

export const columnStorageReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, a.attnum as num, ${KEY("n", "c.relname")} || '.' || a.attname as key, ${HOME("n")} as schema, c.relname as table, a.attname as column,
      case when a.attstorage <> t.typstorage then ${STORAGE("a.attstorage")} end as storage, ${STORAGE("t.typstorage")} as usual,
      case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression, nullif(a.attstattarget, -1) as target, coalesce(to_json(a.attoptions), '[]') as options
    from pg_attribute a join ${RELATIONS} c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
    where a.attnum > 0 and not a.attisdropped and (a.attstorage <> t.typstorage or a.attcompression <> '' or coalesce(a.attstattarget, -1) <> -1 or a.attoptions is not null)
      and c.relkind in ('r', 'p', 'f') and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}`,
  read(row) {
    const data: ColumnStorageData = { ...row, table: { schema: row.schema, name: row.table } }
    return [{
      address: `column storage:${row.oid}:${row.num}`,
      object: { id: id("column storage", row.key), kind: "column storage", key: row.key, parent: id("column", row.key), detail: said(data).join(", "), data, rank: row.num },
    }]
  },
}

const said = (data: ColumnStorageData): string[] => [
  ...(data.storage === null ? [] : [`STORAGE ${data.storage}`]), ...(data.compression === null ? [] : [`COMPRESSION ${data.compression}`]),
  ...(data.target === null ? [] : [`STATISTICS ${data.target}`]), ...(data.options.length === 0 ? [] : [`(${data.options.join(", ")})`]),
]
const at = (data: ColumnStorageData) => `ALTER TABLE ${qualified(data.table)} ALTER COLUMN ${ident(data.column)}`
const names = (options: readonly string[]) => options.map(option => option.slice(0, option.indexOf("=")))

function alter({ data: w }: Pick<CatalogObject<ColumnStorageData>, "data">, { data: h }: Pick<CatalogObject<ColumnStorageData>, "data">): string[] {
  const gone = names(h.options).filter(name => !names(w.options).includes(name))
  return [
    ...(w.storage === h.storage ? [] : [`${at(w)} SET STORAGE ${w.storage ?? w.usual}`]),
    ...(w.compression === h.compression ? [] : [`${at(w)} SET COMPRESSION ${w.compression ?? "default"}`]),
    ...(w.target === h.target ? [] : [`${at(w)} SET STATISTICS ${w.target ?? -1}`]),
    ...(gone.length === 0 ? [] : [`${at(w)} RESET (${gone.join(", ")})`]),
    ...(w.options.length === 0 || w.options.join() === h.options.join() ? [] : [`${at(w)} SET (${w.options.join(", ")})`]),
  ]
}

const usualOf = (data: ColumnStorageData): ColumnStorageData => ({ ...data, storage: null, compression: null, target: null, options: [] })

export const columnStorage: Writer<ColumnStorageData> = {
  create: object => alter(object, { data: usualOf(object.data) }),
  drop: object => alter({ data: usualOf(object.data) }, object),
  alter,
}
