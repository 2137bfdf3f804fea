import type { Readers, Session } from "../../core/types.ts"

/** Schemas looked at in one statement; each costs the server some memory while it runs. */
const BATCH = 250

/** One object of a schema as a line: two schemas are alike if and only if they have the same lines. */
export interface ShapeLine {
  /** `table`, `column`, `index` … */
  readonly kind: string
  /** `np_users`, `np_users.email`. */
  readonly key: string
  readonly definition: string
}

/**
 * One value per schema that is the same where the schemas hold the same objects: a fingerprint of the catalog as the server prints it, with the
 * schema's own name taken out. Owners, privileges and the order of columns are not in it; nor are members of extensions and nself's own tables.
 */
export async function fingerprints(session: Session, schemas: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found: Print[] = []
  for (const batch of batches(schemas)) found.push(...await plainly(session, () => session.query<Print>(PRINTS, [batch])))
  return new Map(found.map(({ schema, print }) => [schema, print]))
}

/** The same over a pool, all batches at once: the pool lets as many through as it is wide. */
export async function fingerprintsAtOnce({ query }: Readers, schemas: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(batches(schemas).map(batch => query<Print>(PRINTS, [batch])))
  return new Map(found.flat().map(({ schema, print }) => [schema, print]))
}

interface Print { readonly schema: string; readonly print: string }

/** Lists of names as JSON. */
const batches = (schemas: readonly string[]): readonly string[] =>
  Array.from({ length: Math.ceil(schemas.length / BATCH) }, (_, i) => JSON.stringify(schemas.slice(i * BATCH, (i + 1) * BATCH)))

/** The lines of one schema, sorted. */
export async function shapeLines(session: Session, schema: string): Promise<readonly ShapeLine[]> {
  return plainly(session, () => session.query<ShapeLine>(`select kind, key, definition from (${LINES}) x order by kind, key collate "C"`, [JSON.stringify([schema])]))
}

/** Every name is printed with its schema while `work` runs, whatever the role's `search_path` is. */
async function plainly<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.script("begin isolation level read committed read only; set local search_path = ''")
  try {
    return await work()
  } finally {
    await session.script("rollback").catch(() => {})
  }
}

const PRINTS_OF = (lines: string, schemas: string): string => `
  select s.nspname::text as schema, encode(sha256(convert_to(coalesce(string_agg(l.line, E'\\n' order by l.line collate "C"), ''), 'UTF8')), 'hex') as print
  from (${schemas}) s left join (select oid, kind || ' ' || key || ' ' || definition as line from (${lines}) x) l on l.oid = s.oid group by s.nspname`

const SCHEMAS = `select n.oid, n.nspname, quote_ident(n.nspname) || '.' as own from pg_catalog.pg_namespace n join json_array_elements_text($1::json) w(name) on n.nspname = w.name`

/** The text without the schema's own name; a longer name that ends in it is left alone. */
const HERE = (text: string): string => `case when strpos(${text}, s.own) > 0 then regexp_replace(${text}, '(?<![[:alnum:]_$"])' || regexp_replace(s.own, '([^[:alnum:]_])', '\\\\\\1', 'g'), '', 'g') else ${text} end`
const FREE = (catalog: string, oid: string): string => `not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_catalog.${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
const OWN = (name: string): string => `${name} !~ '^np_(migrations(_|$)|seeds$)'`

const LINES = `
  with s as materialized (${SCHEMAS}),
  rel as materialized (select s.oid as ns, s.own, c.* from s join pg_catalog.pg_class c on c.relnamespace = s.oid where ${OWN("c.relname")} and ${FREE("pg_class", "c.oid")})
  select r.ns as oid, case r.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'c' then 'type' when 'f' then 'foreign table' else 'relation' end as kind, r.relname::text as key,
    concat_ws(' ', r.relkind, r.relpersistence, case when r.relrowsecurity then 'rls' end, case when r.relforcerowsecurity then 'force' end, array_to_string(r.reloptions, ','),
      case when r.relkind = 'p' then pg_catalog.pg_get_partkeydef(r.oid) end, ${HERE("pg_catalog.pg_get_expr(r.relpartbound, r.oid)").replaceAll("s.own", "r.own")},
      case when r.relkind in ('v', 'm') then ${HERE("pg_catalog.pg_get_viewdef(r.oid)").replaceAll("s.own", "r.own")} end,
      (select string_agg(${HERE("i.inhparent::regclass::text").replaceAll("s.own", "r.own")}, ',' order by i.inhseqno) from pg_catalog.pg_inherits i where i.inhrelid = r.oid),
      (select concat_ws(',', q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle) from pg_catalog.pg_sequence q where q.seqrelid = r.oid),
      pg_catalog.obj_description(r.oid, 'pg_class')) as definition
  from rel r where r.relkind in ('r', 'p', 'v', 'm', 'S', 'c', 'f')
  union all
  select s.ns, 'column', s.relname || '.' || a.attname, concat_ws(' ', ${HERE("pg_catalog.format_type(a.atttypid, a.atttypmod)")}, case when a.attnotnull then 'not null' end, nullif(a.attidentity, ''), nullif(a.attgenerated, ''),
      ${HERE("pg_catalog.pg_get_expr(d.adbin, d.adrelid)")}, (select o.collname from pg_catalog.pg_collation o where o.oid = a.attcollation and o.collname <> 'default'), pg_catalog.col_description(s.oid, a.attnum))
  from rel s join pg_catalog.pg_attribute a on a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped left join pg_catalog.pg_attrdef d on d.adrelid = s.oid and d.adnum = a.attnum
  where s.relkind in ('r', 'p', 'c', 'f')
  union all
  select s.ns, 'constraint', s.relname || '.' || c.conname, concat_ws(' ', ${HERE("pg_catalog.pg_get_constraintdef(c.oid)")}, case when not c.convalidated then 'not valid' end)
  from rel s join pg_catalog.pg_constraint c on c.conrelid = s.oid and c.contype <> 'n'
  union all
  select s.ns, 'index', i.relname::text, concat_ws(' ', ${HERE("pg_catalog.pg_get_indexdef(x.indexrelid)")}, case when not x.indisvalid then 'INVALID' end)
  from rel s join pg_catalog.pg_index x on x.indrelid = s.oid join pg_catalog.pg_class i on i.oid = x.indexrelid
  where not exists (select from pg_catalog.pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u', 'x'))
  union all
  select s.ns, 'trigger', s.relname || '.' || t.tgname, concat_ws(' ', ${HERE("pg_catalog.pg_get_triggerdef(t.oid)")}, t.tgenabled)
  from rel s join pg_catalog.pg_trigger t on t.tgrelid = s.oid and not t.tgisinternal
  union all
  select s.ns, 'policy', s.relname || '.' || p.polname, concat_ws(' ', p.polcmd, p.polpermissive, (select string_agg(coalesce(o.rolname, 'public'), ',' order by o.rolname) from unnest(p.polroles) u left join pg_catalog.pg_roles o on o.oid = u),
      ${HERE("pg_catalog.pg_get_expr(p.polqual, p.polrelid)")}, ${HERE("pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)")})
  from rel s join pg_catalog.pg_policy p on p.polrelid = s.oid
  union all
  select s.oid, 'function', p.proname || '(' || ${HERE("pg_catalog.pg_get_function_identity_arguments(p.oid)")} || ')', case when p.prokind in ('f', 'p') then ${HERE("pg_catalog.pg_get_functiondef(p.oid)")} else p.prokind::text end
  from s join pg_catalog.pg_proc p on p.pronamespace = s.oid where ${OWN("p.proname")} and ${FREE("pg_proc", "p.oid")}
  union all
  select s.oid, case t.typtype when 'e' then 'enum' else 'domain' end, t.typname::text, concat_ws(' ', (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid),
      case when t.typtype = 'd' then concat_ws(' ', ${HERE("pg_catalog.format_type(t.typbasetype, t.typtypmod)")}, t.typdefault, case when t.typnotnull then 'not null' end,
        (select string_agg(${HERE("pg_catalog.pg_get_constraintdef(c.oid)")}, ' ' order by c.conname) from pg_catalog.pg_constraint c where c.contypid = t.oid and c.contype <> 'n')) end)
  from s join pg_catalog.pg_type t on t.typnamespace = s.oid where t.typtype in ('e', 'd') and ${FREE("pg_type", "t.oid")}
  union all
  select s.oid, 'statistics', x.stxname::text, ${HERE("pg_catalog.pg_get_statisticsobjdef(x.oid)")} from s join pg_catalog.pg_statistic_ext x on x.stxnamespace = s.oid
  union all
  select s.oid, 'extension', e.extname::text, e.extversion from s join pg_catalog.pg_extension e on e.extnamespace = s.oid`

const PRINTS = PRINTS_OF(LINES, SCHEMAS)
