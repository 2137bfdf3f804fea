import type { MockCheck, MockColumn, MockTable, MockType } from "../core/mock/table.ts"
import type { Query } from "../core/types.ts"
import { NOT_EXTENSION, NOT_LEDGER, USER_SCHEMA } from "./kind.ts"

interface TypeRow {
  readonly oid: string; readonly name: string; readonly text: string; readonly type: string; readonly category: string; readonly element: string | null; readonly base: string
  readonly modifier: number; readonly notNull: boolean; readonly subtype: string | null; readonly range: string | null; readonly labels: readonly string[]
  readonly fields: readonly { readonly name: string; readonly type: string; readonly modifier: number; readonly text: string }[]; readonly checks: readonly MockCheck[]
}

/** `$1`: types, as numbers; those that they are made of are read as well. By index: there may be very many types, two for each table of each tenant. */
const TYPES = `
  with recursive needed(oid) as (
    select unnest($1::oid[])
    union select u.oid from needed n cross join lateral (
      select t.typelem as oid from pg_type t where t.oid = n.oid union all select t.typbasetype from pg_type t where t.oid = n.oid
      union all select r.rngsubtype from pg_range r where r.rngtypid = n.oid union all select r.rngtypid from pg_range r where r.rngmultitypid = n.oid
      union all select a.atttypid from pg_type t join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped where t.oid = n.oid and t.typtype = 'c') u
    where u.oid <> 0)
  select t.oid::int8::text as oid, t.typname as name, format_type(t.oid, null) as text, t.typtype as type, t.typcategory as category,
    nullif(t.typelem, 0)::int8::text as element, t.typbasetype::int8::text as base, t.typtypmod as modifier, t.typnotnull as "notNull",
    (select r.rngsubtype::int8::text from pg_range r where r.rngtypid = t.oid) as subtype, (select r.rngtypid::int8::text from pg_range r where r.rngmultitypid = t.oid) as range,
    coalesce((select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '[]') as labels,
    coalesce((select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8::text, 'modifier', a.atttypmod, 'text', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
      from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '[]') as fields,
    coalesce((select json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, 0)) order by k.oid)
      from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), '[]') as checks
  from needed n cross join lateral (select * from pg_type t where t.oid = n.oid offset 0) t left join lateral (select r.relkind from pg_class r where r.oid = t.typrelid offset 0) r on true
  where t.typtype in ('b', 'd', 'e', 'r', 'm') or (t.typtype = 'c' and r.relkind = 'c')`

interface TableRow extends Omit<MockTable, "columns"> {
  readonly columns: readonly (Omit<MockColumn, "type"> & { readonly type: string; readonly modifier: number; readonly text: string })[]
}

const NAMES = (numbers: string, relation: string): string =>
  `coalesce((select json_agg(a.attname order by u.ord) from unnest(${numbers}) with ordinality u(num, ord) join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.num), '[]')`

/** The relations of a schema, by what depends on it: no index leads from a schema to them, and there may be very many others. */
const OF_SCHEMA = (namespace: string): string =>
  `lateral (select d.objid as oid from pg_depend d where d.refclassid = 'pg_namespace'::regclass and d.refobjid = ${namespace} and d.classid = 'pg_class'::regclass offset 0)`

/** `$1`: schemas; those that their foreign keys lead to are read as well. */
const TABLES = `
  with recursive reached(oid) as (
    select n.oid from pg_namespace n where n.nspname = any($1::name[])
    union select c.relnamespace from reached cross join ${OF_SCHEMA("reached.oid")} m
      cross join lateral (select k.confrelid from pg_constraint k where k.conrelid = m.oid and k.contype = 'f' offset 0) k
      cross join lateral (select c.relnamespace from pg_class c where c.oid = k.confrelid offset 0) c)
  select c.oid::int8::text as oid, n.nspname as schema, c.relname as name,
    coalesce((select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8::text, 'modifier', a.atttypmod, 'text', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
        'default', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated <> '', 'identity', a.attidentity <> '') order by a.attnum)
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
    coalesce((select json_agg(json_build_object('name', i.relname, 'columns', ${NAMES("(select array_agg(k.num order by k.ord) from unnest(x.indkey::int2[]) with ordinality k(num, ord) where k.ord <= x.indnkeyatts)", "c.oid")},
        'expressions', case when x.indexprs is null then '[]'::json else
          (select coalesce(json_agg(pg_get_indexdef(x.indexrelid, p, false)), '[]') from generate_series(1, x.indnkeyatts) p where x.indkey[p - 1] = 0) end,
        'predicate', pg_get_expr(x.indpred, x.indrelid), 'primary', x.indisprimary, 'nullsDistinct', coalesce(to_jsonb(x) ->> 'indnullsnotdistinct', 'false') = 'false') order by i.relname)
      from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and x.indisunique and not x.indisexclusion), '[]') as uniques,
    coalesce((select json_agg(json_build_object('name', k.conname, 'columns', ${NAMES("k.conkey", "c.oid")}, 'target', k.confrelid::int8::text, 'targetColumns', ${NAMES("k.confkey", "k.confrelid")},
        'deferrable', k.condeferrable) order by k.conname) from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0), '[]') as "foreignKeys",
    coalesce((select json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid)) order by k.conname)
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'), '[]') as checks,
    coalesce((select json_agg(json_build_object('name', k.conname, 'columns', ${NAMES("k.conkey", "c.oid")}) order by k.conname)
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'x'), '[]') as exclusions,
    coalesce((select json_agg(t.tgname order by t.tgname) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgtype & 4 <> 0), '[]') as triggers,
    coalesce((select json_agg(pg_get_partition_constraintdef(p.relid) order by p.relid::text) from pg_partition_tree(c.oid) p
      where c.relkind = 'p' and p.isleaf and p.relid <> c.oid and not exists (select from pg_partitioned_table q where q.partrelid = c.oid and q.partdefid <> 0)), '[]') as partitions
  from reached join pg_namespace n on n.oid = reached.oid cross join ${OF_SCHEMA("reached.oid")} m cross join lateral (select * from pg_class c where c.oid = m.oid offset 0) c
  where c.relkind in ('r', 'p') and not c.relispartition and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}
  order by n.nspname, c.relname`

/** Every table of these schemas that rows can be put into, and those it refers to, whatever the size of the database in two questions. Expressions name what stands outside of `search_path` with its schema. */
export async function readFillable(query: Query, schemas: readonly string[]): Promise<readonly MockTable[]> {
  const rows = await query<TableRow>(TABLES, [schemas])
  const used = new Set(rows.flatMap(row => row.columns.map(column => column.type)))
  const types = new Map((await query<TypeRow>(TYPES, [[...used]])).map(row => [row.oid, row]))
  return rows.map(row => ({ ...row, columns: row.columns.map(({ type, modifier, text, ...column }) => ({ ...column, type: typeOf(types, type, modifier, text) })) }))
}

const KIND: Readonly<Record<string, MockType["kind"]>> = { b: "base", d: "domain", e: "enum", r: "range", m: "multirange", c: "composite" }

function typeOf(types: ReadonlyMap<string, TypeRow>, oid: string, modifier: number, text?: string): MockType {
  const row = types.get(oid)
  if (!row) return { kind: "base", name: "unknown", text: text ?? "unknown", modifier, labels: [], of: null, fields: [], checks: [], notNull: false }
  const kind = row.type === "b" && row.category === "A" && row.element !== null ? "array" : KIND[row.type]!
  const inner = kind === "array" ? row.element : kind === "domain" ? row.base : kind === "range" ? row.subtype : kind === "multirange" ? row.range : null
  return {
    kind, name: row.name, text: text ?? row.text, modifier, labels: row.labels, checks: row.checks, notNull: row.notNull,
    // an array carries its element's modifier, a domain the one it was made with
    of: inner === null ? null : typeOf(types, inner, kind === "array" ? modifier : kind === "domain" ? row.modifier : -1),
    fields: row.fields.map(field => ({ name: field.name, type: typeOf(types, field.type, field.modifier, field.text) })),
  }
}
