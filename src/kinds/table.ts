import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { columnClause, columnEntries, defaultOf, isSerial, type ColumnData, type ColumnRow } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import { commented, HOME, id, KEY, NOT_EXTENSION, NOT_LEDGER, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface TableData extends Named {
  readonly unlogged: boolean
  readonly rls: boolean
  readonly force: boolean
  readonly options: readonly string[]
}
interface Row extends TableData { readonly oid: string; readonly key: string; readonly columns: readonly ColumnRow[]; readonly comment: string | null }

export const tableReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name, c.relpersistence = 'u' as unlogged,
      c.relrowsecurity as rls, c.relforcerowsecurity as force, coalesce(to_json(c.reloptions), '[]') as options, obj_description(c.oid, 'pg_class') as comment,
      coalesce((select json_agg(json_build_object('num', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'typeName', case when t.typnamespace = 'pg_catalog'::regnamespace then t.typname end, 'category', t.typcategory, 'enum', coalesce(et.typtype, t.typtype) = 'e',
          'base', a.atttypid::int8::text, 'notNull', a.attnotnull, 'identity', a.attidentity, 'generated', a.attgenerated,
          'expression', pg_get_expr(d.adbin, d.adrelid, true), 'defaultOid', d.oid::int8::text,
          'collation', (select (case when ln.nspname in ('pg_catalog', $1) then '' else quote_ident(ln.nspname) || '.' end) || quote_ident(l.collname)
            from pg_collation l join pg_namespace ln on ln.oid = l.collnamespace where l.oid = a.attcollation and a.attcollation <> t.typcollation),
          'sequence', (select json_build_object('type', format_type(s.seqtypid, null), 'start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text,
              'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle)
            from pg_depend i join pg_sequence s on s.seqrelid = i.objid
            where a.attidentity <> '' and i.classid = 'pg_class'::regclass and i.refclassid = 'pg_class'::regclass and i.refobjid = c.oid and i.refobjsubid = a.attnum and i.deptype = 'i'),
          'comment', col_description(c.oid, a.attnum)) order by a.attnum)
        from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type et on et.oid = t.typelem and t.typelem <> 0 and t.typcategory = 'A'
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}`,
  read: row => [
    ...commented({
      address: `pg_class:${row.oid}:0`,
      object: { id: id("table", row.key), kind: "table", key: row.key, parent: null, detail: detail(row), data: row, rank: Number(row.oid) },
    }, `TABLE ${qualified(row)}`, row.comment),
    ...row.columns.flatMap(column => columnEntries(row, column)),
  ],
}

const detail = (data: TableData): string =>
  [data.unlogged ? "unlogged" : "table", data.rls && "row level security", data.force && "forced row level security", data.options.length > 0 && `with (${data.options.join(", ")})`]
    .filter(Boolean).join(", ")

const rls = (data: TableData) => `ALTER TABLE ${qualified(data)} ${data.rls ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`
const force = (data: TableData) => `ALTER TABLE ${qualified(data)} ${data.force ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`

/** One CREATE TABLE with its columns, defaults and the constraints that can stand inside it. */
function create(table: CatalogObject<TableData>, children: readonly CatalogObject[]): string[] {
  const { data } = table
  const columns = children.filter(child => child.kind === "column") as CatalogObject<ColumnData>[]
  const constraints = children.filter(child => child.kind === "constraint") as CatalogObject<ConstraintData>[]
  const key = constraints.find(c => c.data.type === "p" && c.data.columns.length === 1 && c.data.name === `${data.name}_pkey` && !c.data.deferrable && !c.data.verbatim)
  const lines = [
    ...columns.toSorted((a, b) => a.rank - b.rank).map(column =>
      `  ${columnClause(column.data, defaultOf(column, children), key?.data.columns[0] === column.data.name, isSerial(column, children))}`),
    ...constraints.filter(c => c !== key).map(c => `  CONSTRAINT ${ident(c.data.name)} ${c.data.clause}`),
  ]
  const options = data.options.length > 0 ? ` WITH (${data.options.join(", ")})` : ""
  return [
    `CREATE ${data.unlogged ? "UNLOGGED " : ""}TABLE ${qualified(data)} (\n${lines.join(",\n")}\n)${options}`,
    ...(data.rls ? [rls(data)] : []),
    ...(data.force ? [force(data)] : []),
  ]
}

const optionName = (option: string) => option.slice(0, option.indexOf("="))

function alter({ data: w }: CatalogObject<TableData>, { data: h }: CatalogObject<TableData>): string[] {
  return [...tableOptions(w, h), ...(w.rls === h.rls ? [] : [rls(w)]), ...(w.force === h.force ? [] : [force(w)])]
}

/** From one way of storing a table to another: UNLOGGED and the storage options. */
export function tableOptions(w: TableData, h: TableData): string[] {
  const gone = h.options.map(optionName).filter(name => !w.options.map(optionName).includes(name))
  const set = w.options.filter(option => !h.options.includes(option))
  return [
    ...(w.unlogged === h.unlogged ? [] : [`ALTER TABLE ${qualified(w)} SET ${w.unlogged ? "UNLOGGED" : "LOGGED"}`]),
    ...(gone.length === 0 ? [] : [`ALTER TABLE ${qualified(w)} RESET (${gone.join(", ")})`]),
    ...(set.length === 0 ? [] : [`ALTER TABLE ${qualified(w)} SET (${set.join(", ")})`]),
  ]
}

export const table: Writer<TableData> = {
  create,
  drop: ({ data }) => [`DROP TABLE IF EXISTS ${qualified(data)}`],
  alter,
  rename: (have, want) => `ALTER TABLE ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
