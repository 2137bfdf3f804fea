import type { Session } from "../../core/types.ts"

/** Schemas looked at in one statement, which reads the catalogs once however many they are. */
const BATCH = 2000

/**
 * One value per schema that is the same where the schemas hold the same objects: a fingerprint of the catalog as the server prints it, with the
 * schema's own name taken out. Members of extensions and nself's own tables are not in it.
 */
export async function fingerprints(session: Session, schemas: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found: Print[] = []
  for (const batch of batches(schemas)) found.push(...await plainly(session, () => session.query<Print>(PRINTS, [batch])))
  return new Map(found.map(({ schema, print }) => [schema, print]))
}

interface Print { readonly schema: string; readonly print: string }

/** Lists of names as JSON. */
const batches = (schemas: readonly string[]): readonly string[] =>
  Array.from({ length: Math.ceil(schemas.length / BATCH) }, (_, i) => JSON.stringify(schemas.slice(i * BATCH, (i + 1) * BATCH)))

/** Every name is printed with its schema while `work` runs, whatever the role's `search_path` is. */
async function plainly<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.script("begin isolation level read committed read only; set local search_path = ''; set local jit = off") // compiling takes longer than running
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

/**
 * What is compared, as cheap as the catalogs allow: numbers where they mean the same in every schema of a database, printed text only where a name of
 * the schema's own may be inside. Finer than equality is well (two orders of columns are two shapes, and each is compared for itself), coarser is not.
 */
const LINES = `
  with s as materialized (${SCHEMAS}),
  rel as materialized (select s.oid as ns, s.own, c.* from s join pg_catalog.pg_class c on c.relnamespace = s.oid where ${OWN("c.relname")} and ${FREE("pg_class", "c.oid")})
  select r.ns as oid, 'relation' as kind, r.relname::text as key,
    concat_ws(' ', r.relkind, r.relpersistence, case when r.relrowsecurity then 'rls' end, case when r.relforcerowsecurity then 'force' end, array_to_string(r.reloptions, ','),
      case when r.relkind = 'p' then pg_catalog.pg_get_partkeydef(r.oid) end, case when r.relispartition then ${HERE("pg_catalog.pg_get_expr(r.relpartbound, r.oid)").replaceAll("s.own", "r.own")} end,
      case when r.relkind in ('v', 'm') then ${HERE("pg_catalog.pg_get_viewdef(r.oid)").replaceAll("s.own", "r.own")} end,
      case when r.relhassubclass or r.relispartition or exists (select from pg_catalog.pg_inherits i where i.inhrelid = r.oid)
        then (select string_agg(${HERE("i.inhparent::regclass::text").replaceAll("s.own", "r.own")}, ',' order by i.inhseqno) from pg_catalog.pg_inherits i where i.inhrelid = r.oid) end,
      case when r.relkind = 'S' then (select concat_ws(',', q.seqtypid, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle) from pg_catalog.pg_sequence q where q.seqrelid = r.oid) end) as definition
  from rel r where r.relkind in ('r', 'p', 'v', 'm', 'S', 'c', 'f')
  union all
  select s.ns, 'comment', s.relname || '.' || d.objsubid, d.description from rel s join pg_catalog.pg_description d on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = s.oid
  union all
  select s.ns, 'column', s.relname || '.' || a.attnum, concat_ws(' ', a.attname, case when a.atttypid < 16384 then a.atttypid::text else ${HERE("pg_catalog.format_type(a.atttypid, -1)")} end, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attcollation, a.attstorage,
      case when a.atthasdef then (select ${HERE("pg_catalog.pg_get_expr(d.adbin, d.adrelid)")} from pg_catalog.pg_attrdef d where d.adrelid = s.oid and d.adnum = a.attnum) end)
  from rel s join pg_catalog.pg_attribute a on a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped
  where s.relkind in ('r', 'p', 'c', 'f')
  union all
  select s.ns, 'constraint', s.relname || '.' || c.conname, concat_ws(' ', c.contype, c.conkey, c.convalidated, c.condeferrable, c.condeferred, c.conislocal, c.connoinherit,
      case when c.contype = 'f' then concat_ws(' ', coalesce((select t.relname::text from pg_catalog.pg_class t where t.oid = c.confrelid and t.relnamespace = s.ns), c.confrelid::text), c.confkey, c.confupdtype, c.confdeltype, c.confmatchtype) end,
      case when c.contype in ('c', 'x', 't') then ${HERE("pg_catalog.pg_get_constraintdef(c.oid)")} end)
  from rel s join pg_catalog.pg_constraint c on c.conrelid = s.oid and c.contype <> 'n'
  union all
  select s.ns, 'index', i.relname::text, concat_ws(' ', s.relname, i.relam, x.indisunique, x.indisprimary, x.indisvalid, x.indisready, x.indnkeyatts, x.indkey, x.indclass, x.indoption, x.indcollation, to_jsonb(x)->>'indnullsnotdistinct', array_to_string(i.reloptions, ','),
      case when x.indpred is not null or x.indexprs is not null then ${HERE("pg_catalog.pg_get_indexdef(x.indexrelid)")} end)
  from rel s join pg_catalog.pg_index x on x.indrelid = s.oid join pg_catalog.pg_class i on i.oid = x.indexrelid
  union all
  select s.ns, 'trigger', s.relname || '.' || t.tgname, concat_ws(' ', ${HERE("pg_catalog.pg_get_triggerdef(t.oid)")}, t.tgenabled)
  from rel s join pg_catalog.pg_trigger t on t.tgrelid = s.oid and not t.tgisinternal
  union all
  select s.ns, 'rule', s.relname || '.' || r.rulename, ${HERE("pg_catalog.pg_get_ruledef(r.oid)")} from rel s join pg_catalog.pg_rewrite r on r.ev_class = s.oid and r.rulename <> '_RETURN' where s.relhasrules
  union all
  select s.ns, 'policy', s.relname || '.' || p.polname, concat_ws(' ', p.polcmd, p.polpermissive, p.polroles, ${HERE("pg_catalog.pg_get_expr(p.polqual, p.polrelid)")}, ${HERE("pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)")})
  from rel s join pg_catalog.pg_policy p on p.polrelid = s.oid
  union all
  select s.oid, 'function', p.proname || '(' || ${HERE("pg_catalog.pg_get_function_identity_arguments(p.oid)")} || ')', case when p.prokind in ('f', 'p') then ${HERE("pg_catalog.pg_get_functiondef(p.oid)")} else p.prokind::text end
  from s join pg_catalog.pg_proc p on p.pronamespace = s.oid where ${OWN("p.proname")} and ${FREE("pg_proc", "p.oid")}
  union all
  select s.oid, 'type', t.typname::text, concat_ws(' ', t.typtype, (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid),
      case when t.typtype = 'd' then concat_ws(' ', ${HERE("pg_catalog.format_type(t.typbasetype, t.typtypmod)")}, t.typdefault, t.typnotnull,
        (select string_agg(${HERE("pg_catalog.pg_get_constraintdef(c.oid)")}, ' ' order by c.conname) from pg_catalog.pg_constraint c where c.contypid = t.oid and c.contype <> 'n')) end)
  from s join pg_catalog.pg_type t on t.typnamespace = s.oid where t.typtype in ('e', 'd', 'r') and ${FREE("pg_type", "t.oid")}
  union all
  select s.oid, 'statistics', x.stxname::text, ${HERE("pg_catalog.pg_get_statisticsobjdef(x.oid)")} from s join pg_catalog.pg_statistic_ext x on x.stxnamespace = s.oid
  union all
  select s.oid, 'extension', e.extname::text, e.extversion from s join pg_catalog.pg_extension e on e.extnamespace = s.oid
  union all
  select s.ns, 'owner', s.relname::text, concat_ws(' ', s.relowner, s.relacl) from rel s where s.relacl is not null`

const PRINTS = PRINTS_OF(LINES, SCHEMAS)
