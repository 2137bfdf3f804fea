import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { columnClause, columnEntries, defaultOf, isSerial, type ColumnData, type ColumnRow } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import { optionChange, optionClause, type ForeignOptions } from "./foreign.ts"
import { COLLATION, COMMENT, commented, HOME, id, KEY, NOT_EXTENSION, NOT_LEDGER, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface TableData extends Named {
  readonly unlogged: boolean
  readonly rls: boolean
  readonly force: boolean
  readonly options: readonly string[]
  readonly foreign: { readonly server: string; readonly options: ForeignOptions } | null
}
interface Row extends TableData { readonly oid: string; readonly key: string; readonly columns: readonly ColumnRow[]; readonly comment: string | null }

export const tableReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name, c.relpersistence = 'u' as unlogged,
      c.relrowsecurity as rls, c.relforcerowsecurity as force, coalesce(to_json(c.reloptions), '[]') as options,
      (select json_build_object('server', s.srvname, 'options', coalesce(to_json(f.ftoptions), '[]')) from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid) as foreign,
      ${COMMENT("pg_class", "c.oid")} as comment,
      coalesce((select json_agg(json_build_object('num', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'typeName', case when t.typnamespace = 'pg_catalog'::regnamespace then t.typname end, 'category', t.typcategory, 'element', et.typcategory, 'enum', coalesce(et.typtype, t.typtype) = 'e',
          'base', a.atttypid::int8::text, 'notNull', a.attnotnull, 'identity', a.attidentity, 'generated', a.attgenerated,
          'expression', case when a.atthasdef then pg_get_expr(d.adbin, d.adrelid, true) end, 'defaultOid', d.oid::int8::text,
          'collation', ${COLLATION("a.attcollation", "t.typcollation")}, 'options', coalesce(to_json(a.attfdwoptions), '[]'),
          'sequence', case when a.attidentity <> '' then (select json_build_object('key', (select ${KEY("sn", "sc.relname")} from pg_class sc join pg_namespace sn on sn.oid = sc.relnamespace where sc.oid = s.seqrelid),
              'type', format_type(s.seqtypid, null), 'start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text,
              'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle)
            from pg_depend i join pg_sequence s on s.seqrelid = i.objid
            where i.classid = 'pg_class'::regclass and i.refclassid = 'pg_class'::regclass and i.refobjid = c.oid and i.refobjsubid = a.attnum and i.deptype = 'i') end,
          'comment', ${COMMENT("pg_class", "c.oid", "a.attnum")}) order by a.attnum)
        from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type et on et.oid = t.typelem and t.typelem <> 0 and t.typcategory = 'A'
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f') and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}`,
  read(row) {
    const kind = row.foreign === null ? "table" as const : "foreign table" as const
    return [
      ...commented({
        address: `pg_class:${row.oid}:0`,
        object: { id: id(kind, row.key), kind, key: row.key, parent: null, detail: detail(row), data: row, rank: Number(row.oid) },
      }, `${kind.toUpperCase()} ${qualified(row)}`, row.comment),
      ...row.columns.flatMap(column => columnEntries({ ...row, id: id(kind, row.key) }, column)),
    ]
  },
}

const detail = (data: TableData): string => [
  data.foreign === null ? (data.unlogged ? "unlogged" : "table") : `foreign table${foreignClause(data)}`,
  data.rls && "row level security", data.force && "forced row level security", data.options.length > 0 && `with (${data.options.join(", ")})`,
].filter(Boolean).join(", ")

const foreignClause = (data: TableData) => (data.foreign === null ? "" : ` SERVER ${ident(data.foreign.server)}${optionClause(data.foreign.options)}`)
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
    `CREATE ${data.unlogged ? "UNLOGGED " : ""}${word(data)} ${qualified(data)} (\n${lines.join(",\n")}\n)${foreignClause(data)}${options}`,
    ...(data.rls ? [rls(data)] : []),
    ...(data.force ? [force(data)] : []),
  ]
}

const word = (data: TableData) => (data.foreign === null ? "TABLE" : "FOREIGN TABLE")
const optionName = (option: string) => option.slice(0, option.indexOf("="))

function alter({ data: w }: CatalogObject<TableData>, { data: h }: CatalogObject<TableData>): string[] | null {
  if (w.foreign?.server !== h.foreign?.server) return null
  const foreign = w.foreign === null ? "" : optionChange(w.foreign.options, h.foreign!.options)
  return [
    ...(foreign === "" ? [] : [`ALTER FOREIGN TABLE ${qualified(w)}${foreign}`]),
    ...tableOptions(w, h), ...(w.rls === h.rls ? [] : [rls(w)]), ...(w.force === h.force ? [] : [force(w)]),
  ]
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
  drop: ({ data }) => [`DROP ${word(data)} IF EXISTS ${qualified(data)}`],
  alter,
  rename: (have, want) => `ALTER ${word(have.data)} ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
