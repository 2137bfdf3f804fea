import type { CatalogObject, ObjectId } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { columnClause, columnEntries, defaultOf, isSerial, type ColumnData, type ColumnRow } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import { optionChange, optionClause, type ForeignOptions } from "./foreign.ts"
import { linkEntries, PARENTS, type LinkData, type ParentRow } from "./inheritance.ts"
import { COLLATION, COMMENT, commented, HOME, id, KEY, NOT_EXTENSION, NOT_LEDGER, OPTIONS, qualified, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface TableData extends Named {
  readonly unlogged: boolean
  readonly rls: boolean
  readonly force: boolean
  readonly options: readonly string[]
  /** `RANGE (created_at)` of a partitioned table. */
  readonly partitionBy: string | null
  readonly foreign: { readonly server: string; readonly options: ForeignOptions } | null
}
interface Row extends TableData { readonly oid: string; readonly key: string; readonly parents: readonly ParentRow[]; readonly columns: readonly ColumnRow[]; readonly comment: string | null }

export const tableReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name, c.relpersistence = 'u' as unlogged,
      c.relrowsecurity as rls, c.relforcerowsecurity as force, ${OPTIONS("c.reloptions")} as options,
      (select json_build_object('server', s.srvname, 'options', coalesce(to_json(f.ftoptions), '[]')) from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid) as foreign,
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionBy", ${PARENTS(KEY("pn", "pc.relname"), HOME("pn"))} as parents, ${COMMENT("pg_class", "c.oid")} as comment,
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
          'inherited', case when a.attinhcount > 0 then (select json_build_object('parent', ${KEY("pn", "pc.relname")}, 'notNull', pa.attnotnull, 'local', a.attislocal,
              'own', a.attnotnull and exists (select from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'n' and k.conislocal and k.conkey[1] = a.attnum),
              'default', case when pa.attgenerated = '' then (select pg_get_expr(pd.adbin, pd.adrelid, true) from pg_attrdef pd where pd.adrelid = pa.attrelid and pd.adnum = pa.attnum) end)
            from pg_inherits h join pg_class pc on pc.oid = h.inhparent join pg_namespace pn on pn.oid = pc.relnamespace
            join pg_attribute pa on pa.attrelid = pc.oid and pa.attname = a.attname and not pa.attisdropped where h.inhrelid = c.oid order by h.inhseqno limit 1) end,
          'comment', ${COMMENT("pg_class", "c.oid", "a.attnum")}) order by a.attnum)
        from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type et on et.oid = t.typelem and t.typelem <> 0 and t.typcategory = 'A'
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns
    from ${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f') and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}`,
  read(row) {
    const kind = row.foreign === null ? "table" as const : "foreign table" as const
    return [
      ...commented({
        address: `pg_class:${row.oid}:0`,
        object: { id: id(kind, row.key), kind, key: row.key, parent: null, detail: detail(row), data: row, rank: Number(row.oid) },
      }, `${kind.toUpperCase()} ${qualified(row)}`, row.comment),
      ...row.columns.flatMap(column => columnEntries({ ...row, id: id(kind, row.key) }, column)),
      ...linkEntries({ ...row, id: id(kind, row.key) }, handedDown(row)),
    ]
  },
}

/** By parent: its columns that this table has from it. */
function handedDown(row: Row): ReadonlyMap<string, readonly ObjectId[]> {
  const groups = Map.groupBy(row.columns.filter(column => column.inherited !== null), column => column.inherited!.parent)
  return new Map([...groups].map(([parent, columns]) => [parent, columns.map(column => id("column", `${parent}.${column.name}`))]))
}

const detail = (data: TableData): string => [
  data.foreign === null ? (data.unlogged ? "unlogged" : "table") : `foreign table${foreignClause(data)}`,
  data.partitionBy !== null && `partition by ${data.partitionBy}`, data.rls && "row level security", data.force && "forced row level security", data.options.length > 0 && `with (${data.options.join(", ")})`,
].filter(Boolean).join(", ")

const foreignClause = (data: TableData) => (data.foreign === null ? "" : ` SERVER ${ident(data.foreign.server)}${optionClause(data.foreign.options)}`)
const rls = (data: TableData) => `ALTER TABLE ${qualified(data)} ${data.rls ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`
const force = (data: TableData) => `ALTER TABLE ${qualified(data)} ${data.force ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`

/** One CREATE TABLE with its columns, defaults, the constraints that can stand inside it, and its ties to parents. */
function create(table: CatalogObject<TableData>, children: readonly CatalogObject[]): string[] {
  const { data } = table
  const of = <D>(...kinds: readonly string[]) => children.filter(child => kinds.includes(child.kind)) as CatalogObject<D>[]
  const tied = new Set(children.filter(child => child.kind === "partition" || child.kind === "inheritance").map(link => link.id))
  const own = (child: CatalogObject) => !child.implied || !tied.has(child.implied.by)
  const [links, constraints] = [of<LinkData>("partition", "inheritance"), of<ConstraintData>("constraint").filter(own)]
  const columns = of<ColumnData>("column").filter(own)
  const key = constraints.find(c => c.data.type === "p" && c.data.columns.length === 1 && c.data.name === `${data.name}_pkey` && !c.data.deferrable && !c.data.verbatim
    && columns.some(column => column.data.name === c.data.columns[0]))
  const lines = [
    ...columns.toSorted((a, b) => a.rank - b.rank).map(column =>
      `  ${columnClause(column.data, defaultOf(column, children), key?.data.columns[0] === column.data.name, isSerial(column, children))}`),
    ...constraints.filter(c => c !== key).map(c => `  CONSTRAINT ${ident(c.data.name)} ${c.data.clause}`),
  ]
  const stricter = of<ColumnData>("column").filter(column => !own(column) && column.implied!.detail !== "")
  return [
    `CREATE ${data.unlogged ? "UNLOGGED " : ""}${word(data)} ${qualified(data)}${body(lines, links)}${tail(data)}`,
    ...stricter.map(column => `ALTER TABLE ${qualified(data)} ALTER COLUMN ${ident(column.data.name)} SET NOT NULL`),
    ...(data.rls ? [rls(data)] : []),
    ...(data.force ? [force(data)] : []),
  ]
}

function body(lines: readonly string[], links: readonly CatalogObject<LinkData>[]): string {
  const list = `(\n${lines.join(",\n")}\n)`
  const partition = links.find(link => link.kind === "partition")
  if (partition) return ` PARTITION OF ${qualified(partition.data.parent)}${lines.length === 0 ? "" : ` ${list}`} ${partition.data.bound}`
  const parents = links.filter(link => link.kind === "inheritance")
  return ` ${list}${parents.length === 0 ? "" : ` INHERITS (${parents.map(link => qualified(link.data.parent)).join(", ")})`}`
}

const tail = (data: TableData): string =>
  `${data.partitionBy === null ? "" : ` PARTITION BY ${data.partitionBy}`}${foreignClause(data)}${data.options.length > 0 ? ` WITH (${data.options.join(", ")})` : ""}`

const word = (data: TableData) => (data.foreign === null ? "TABLE" : "FOREIGN TABLE")
const optionName = (option: string) => option.slice(0, option.indexOf("="))

function alter({ data: w }: CatalogObject<TableData>, { data: h }: CatalogObject<TableData>): string[] | null {
  if (w.foreign?.server !== h.foreign?.server || w.partitionBy !== h.partitionBy) return null
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
