import type { Catalog, ObjectId } from "../core/catalog.ts"
import type { Query } from "../core/types.ts"
import { readers } from "./all.ts"
import type { Entry } from "./kind.ts"

/** Who needs whom. A view's needs hang on its rewrite rule; a default's on its pg_attrdef row; a column's on its number. */
const DEPEND = `
  select case when r.oid is null then d.classid::regclass::text || ':' || d.objid::int8::text || ':' || d.objsubid else 'pg_class:' || r.ev_class::int8::text || ':0' end as who,
    d.refclassid::regclass::text || ':' || d.refobjid::int8::text || ':' || d.refobjsubid as whom
  from pg_depend d left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid and r.rulename = '_RETURN'
  where d.deptype in ('n', 'a', 'i') and d.objid >= 16384 and d.refobjid >= 2200
    -- that a sequence is owned by a column is an object of its own (sequence owner): column, default and sequence would go round in a circle
    and not (d.deptype = 'a' and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid <> 0
      and exists (select from pg_sequence s where s.seqrelid = d.objid))`

/** Other names of one object: a member of an extension, the index that a constraint made, the array type of a type, the row type of a relation, the expression of a generated column. */
const ALIASES = `
  select classid::regclass::text || ':' || objid::int8::text || ':0' as alias, 'pg_extension:' || refobjid::int8::text || ':0' as address from pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass
  union all select 'pg_class:' || conindid::int8::text || ':0', 'pg_constraint:' || oid::int8::text || ':0' from pg_constraint where contype in ('p', 'u', 'x') and conindid <> 0
  union all select 'pg_type:' || typarray::int8::text || ':0', 'pg_type:' || oid::int8::text || ':0' from pg_type where typarray <> 0 and oid >= 16384 and typrelid = 0
  union all select 'pg_type:' || reltype::int8::text || ':0', 'pg_class:' || oid::int8::text || ':0' from pg_class where reltype <> 0 and oid >= 16384
  union all select 'pg_attrdef:' || oid::int8::text || ':0', 'pg_class:' || adrelid::int8::text || ':' || adnum from pg_attrdef`

/**
 * Reads a whole database in a constant number of queries (15), seen from its home schema.
 *
 * @param query  one connection; its `search_path` is the home schema for the time of the reading and is given back
 * @param home   the schema whose objects are named without a schema: `public`, or a tenant's
 */
export async function inspect(query: Query, home = "public"): Promise<Catalog> {
  const [before] = await query<{ path: string }>("select current_setting('search_path') as path, set_config('search_path', quote_ident($1), false)", [home])
  try {
    const entries: Entry[] = []
    for (const reader of readers) {
      const rows = await query<never>(reader.query, reader.query.includes("$1") ? [home] : [])
      entries.push(...rows.flatMap(row => reader.read(row)))
    }
    return { objects: new Map(entries.map(entry => [entry.object.id, entry.object])), needs: await readNeeds(query, entries) }
  } finally {
    await query("select set_config('search_path', $1, false)", [before!.path]).catch(() => {})
  }
}

async function readNeeds(query: Query, entries: readonly Entry[]): Promise<Catalog["needs"]> {
  const at = new Map<string, ObjectId>(entries.flatMap(entry => [entry.address, ...(entry.aliases ?? [])].map(address => [address, entry.object.id] as const)))
  for (const { alias, address } of await query<{ alias: string; address: string }>(ALIASES)) {
    const target = at.get(address)
    if (target && !at.has(alias)) at.set(alias, target)
  }
  const needs = new Map<ObjectId, Set<ObjectId>>(entries.map(({ object, needs }) => [object.id, new Set([...(object.parent ? [object.parent] : []), ...(needs ?? [])])]))
  for (const { who, whom } of await query<{ who: string; whom: string }>(DEPEND)) {
    const [from, to] = [at.get(who) ?? at.get(wholeOf(who)), at.get(whom) ?? at.get(wholeOf(whom))]
    if (from && to && from !== to) needs.get(from)!.add(to)
  }
  for (const { object } of entries) if (object.kind === "sequence owner") needs.get(object.id)!.add(`column:${object.detail}`)
  return new Map([...needs].map(([who, whom]) => [who, [...whom]]))
}

/** A view's columns are no objects of their own: who needs one of them needs the view. */
const wholeOf = (address: string): string => `${address.slice(0, address.lastIndexOf(":"))}:0`
