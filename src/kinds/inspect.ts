import type { Catalog, ObjectId } from "../core/catalog.ts"
import type { Query } from "../core/types.ts"
import { readers } from "./all.ts"
import { withFixedTexts } from "./fixed-text.ts"
import { functionReader } from "./function.ts"
import { IN_SCHEMA, ofOneSchema, RELATIONS, type Entry } from "./kind.ts"

/** What is in the one schema that is read and can need something, with its catalog. */
const OWN = `
      select i.classid, i.objid from ${IN_SCHEMA} i
      union all select 'pg_constraint'::regclass, k.oid from ${IN_SCHEMA} i join pg_constraint k on k.contypid = i.objid where i.classid = 'pg_type'::regclass
      union all select its.classid, its.objid from ${RELATIONS} c cross join lateral (
        select 'pg_class'::regclass as classid, x.indexrelid as objid from pg_index x where x.indrelid = c.oid
        union all select 'pg_constraint'::regclass, k.oid from pg_constraint k where k.conrelid = c.oid
        union all select 'pg_rewrite'::regclass, w.oid from pg_rewrite w where w.ev_class = c.oid
        union all select 'pg_trigger'::regclass, g.oid from pg_trigger g where g.tgrelid = c.oid
        union all select 'pg_policy'::regclass, l.oid from pg_policy l where l.polrelid = c.oid
        union all select 'pg_attrdef'::regclass, f.oid from pg_attrdef f where f.adrelid = c.oid offset 0) its`
/** Each is looked up in the index, whatever the planner thinks (OFFSET 0): where the catalogs of ten thousand schemas were never analyzed, it would compare all with all. */
const OWN_DEPEND = `(${OWN}) own cross join lateral (select * from pg_depend i where i.classid = own.classid and i.objid = own.objid offset 0) d`

/** Who needs whom. A view's needs hang on its rewrite rule; a default's on its pg_attrdef row; a column's on its number. */
const DEPEND = (from: string): string => `
  select json_agg(json_build_array(case when r.oid is null then d.classid else 'pg_class'::regclass end::int8, coalesce(r.ev_class, d.objid)::int8,
    case when r.oid is null then d.objsubid else 0 end, d.refclassid::int8, d.refobjid::int8, d.refobjsubid)) as pairs
  from ${from} left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid and r.rulename = '_RETURN'
  where d.deptype in ('n', 'a', 'i') and d.objid >= 16384 and d.refobjid >= 2200
    -- that a sequence is owned by a column is an object of its own (sequence owner): column, default and sequence would go round in a circle
    and not (d.deptype = 'a' and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid <> 0
      and exists (select from pg_sequence s where s.seqrelid = d.objid))
    -- the tie between a table and its parent is an object of its own too (partition, inheritance)
    and not exists (select from pg_inherits h where h.inhrelid = d.objid and h.inhparent = d.refobjid)`

/** Other names of one object: a member of an extension, the index that a constraint made, the array type of a type, the row type of a relation, the expression of a generated column. */
const ALIASES = (constraints: string, types: string, defaults: string): string => `
  select json_agg(json_build_array(alias, address)) as pairs from (
    select classid::regclass::text || ':' || objid::int8::text || ':0' as alias, 'pg_extension:' || refobjid::int8::text || ':0' as address from pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass
    union all select 'pg_class:' || k.conindid::int8::text || ':0', 'pg_constraint:' || k.oid::int8::text || ':0' from ${constraints} where k.contype in ('p', 'u', 'x') and k.conindid <> 0
    union all select 'pg_type:' || t.typarray::int8::text || ':0', 'pg_type:' || t.oid::int8::text || ':0' from ${types} where t.typarray <> 0 and t.oid >= 16384 and t.typrelid = 0
    union all select 'pg_type:' || c.reltype::int8::text || ':0', 'pg_class:' || c.oid::int8::text || ':0' from ${RELATIONS} c where c.reltype <> 0 and c.oid >= 16384
    union all select 'pg_attrdef:' || f.oid::int8::text || ':0', 'pg_class:' || f.adrelid::int8::text || ':' || f.adnum from ${defaults}) other`

/** Addresses begin with the name of their catalog, `pg_depend` has its number. */
const CLASSES = "select json_agg(json_build_array(oid::int8, relname)) as pairs from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and oid < 16384"

/** Everything in one question, so that one snapshot answers it all and a far server is asked once. */
const together = (...others: readonly string[]): string =>
  [...readers.map(reader => reader.query), ...others, CLASSES].map((query, part) => `select ${part} as part, row_to_json(q) as row from (${query}\n) q`).join("\nunion all\n")
const EVERYTHING = together(DEPEND("pg_depend d"), ALIASES("pg_constraint k", "pg_type t", "pg_attrdef f"))
const ONE_SCHEMA = ofOneSchema(together(
  DEPEND(OWN_DEPEND),
  ALIASES(`${RELATIONS} c join pg_constraint k on k.conrelid = c.oid`, `${IN_SCHEMA} i join pg_type t on i.classid = 'pg_type'::regclass and t.oid = i.objid`, `${RELATIONS} c join pg_attrdef f on f.adrelid = c.oid`),
))

/** What would bend the reading: a role or a database may have its own way to print moments and names, and compiling such a query takes longer than running it. */
const BENDING = {
  jit: "off", TimeZone: "UTC", DateStyle: "ISO, MDY", IntervalStyle: "postgres", quote_all_identifiers: "off", extra_float_digits: "1", bytea_output: "hex", standard_conforming_strings: "on",
}
const NAMES = Object.keys(BENDING)
/** Names are printed as the home schema sees them. */
const SETTINGS = `select current_setting('search_path') as path, ${NAMES.map(name => `current_setting('${name}') as "${name}"`).join(", ")}, set_config('search_path', quote_ident($1), false),
  set_config('nself.only_schema', case when $2::bool then $1 else '' end, false), ${Object.entries(BENDING).map(([name, value]) => `set_config('${name}', '${value}', false)`).join(", ")}`
const GIVE_BACK = `select set_config('search_path', $1, false), set_config('nself.only_schema', '', false), ${NAMES.map((name, at) => `set_config('${name}', $${at + 2}, false)`).join(", ")}`

/**
 * Reads a whole database in three queries, whatever its size, seen from its home schema.
 *
 * @param query  one connection; its `search_path` is the home schema for the time of the reading and is given back
 * @param home   the schema whose objects are named without a schema: `public`, or a tenant's
 * @param only   leave out every other schema, and what the objects of this one need there
 */
export async function inspect(query: Query, home = "public", only = false): Promise<Catalog> {
  const [before] = await query<Readonly<Record<string, string>>>(SETTINGS, [home, only])
  try {
    const parts = Map.groupBy(await query<{ part: number; row: never }>(only ? ONE_SCHEMA : EVERYTHING, [home]), answer => answer.part)
    const rowsOf = (part: number): readonly never[] => (parts.get(part) ?? []).map(answer => answer.row).toSorted(byOid)
    const entries = readers.flatMap((reader, part) => rowsOf(part).flatMap(row => reader.read(reader === functionReader ? row : withFixedTexts(row))))
    const pairsOf = <P>(part: number): readonly P[] => (rowsOf(readers.length + part)[0] as { pairs: P[] | null } | undefined)?.pairs ?? []
    const needs = needsOf(entries, pairsOf(0), pairsOf(1), pairsOf(2))
    // a role may have rights on what is not read at all: nself's ledger, an extension's tables, the sequence inside of an identity
    const used = new Set([...needs.values()].flat())
    const read = entries.filter(({ object }) => object.kind !== "role" || used.has(object.id))
    return { objects: new Map(read.map(entry => [entry.object.id, entry.object])), needs }
  } finally {
    await query(GIVE_BACK, [before!["path"], ...NAMES.map(name => before![name])]).catch(() => {})
  }
}

/** In the order of creation, whatever order the server reads its tables in. */
const byOid = (a: { readonly oid?: string }, b: { readonly oid?: string }): number => Number(a.oid ?? 0) - Number(b.oid ?? 0)

type Dependency = readonly [classid: number, objid: number, objsubid: number, refclassid: number, refobjid: number, refobjsubid: number]

function needsOf(entries: readonly Entry[], depend: readonly Dependency[], aliases: readonly (readonly [string, string])[], classes: readonly (readonly [number, string])[]): Catalog["needs"] {
  const at = new Map<string, ObjectId>(entries.flatMap(entry => [entry.address, ...(entry.aliases ?? [])].map(address => [address, entry.object.id] as const)))
  for (const [alias, address] of aliases) {
    const target = at.get(address)
    if (target && !at.has(alias)) at.set(alias, target)
  }
  const className = new Map(classes)
  // a view's columns are no objects of their own: who needs one of them needs the view
  const known = (classid: number, oid: number, sub: number) => at.get(`${className.get(classid)}:${oid}:${sub}`) ?? at.get(`${className.get(classid)}:${oid}:0`)
  const needs = new Map<ObjectId, Set<ObjectId>>(entries.map(({ object, needs }) => [object.id, new Set([...(object.parent ? [object.parent] : []), ...(needs ?? [])])]))
  for (const [classid, objid, objsubid, refclassid, refobjid, refobjsubid] of depend) {
    const from = known(classid, objid, objsubid)
    const to = from && known(refclassid, refobjid, refobjsubid)
    if (from && to && from !== to) needs.get(from)!.add(to)
  }
  for (const { object } of entries) if (object.kind === "sequence owner") needs.get(object.id)!.add(`column:${object.detail}`)
  return new Map([...needs].map(([who, whom]) => [who, [...whom]]))
}
