/**
 * What the shape of a schema is made of, as SQL: one line for whatever a comparison of two such schemas could see. As cheap as the catalogs allow: numbers
 * where they mean the same in every schema of a database, printed text only where a name of the schema's own may be inside. Finer than equality is
 * well (two orders of columns are two shapes, and each is compared for itself), coarser is not: what is not in here is drift that nobody reports.
 */

/** Schemas by a JSON list of names, `$1`. */
export const SCHEMAS = `select n.oid, n.nspname, quote_ident(n.nspname) || '.' as own, n.nspacl from pg_catalog.pg_namespace n join json_array_elements_text($1::json) w(name) on n.nspname = w.name`

/** The text without the schema's own name; a longer name that ends in it is left alone. It is printed once, however often it is looked at. */
const HERE = (text: string): string => `(select case when strpos(printed.t, s.own) > 0 then regexp_replace(printed.t, '(?<![[:alnum:]_$"])' || regexp_replace(s.own, '([^[:alnum:]_])', '\\\\\\1', 'g'), '', 'g') else printed.t end from (select ${text} as t offset 0) printed)`
const R = (text: string): string => HERE(text).replaceAll("s.own", "r.own")
const FREE = (catalog: string, oid: string): string => `${oid} not in (select e.objid from member e where e.classid = 'pg_catalog.${catalog}'::regclass)`
const OWN = (name: string): string => `${name} !~ '^np_(migrations(_|$)|seeds$)'`
/**
 * The rows of a catalog that belong to one that is there already, each looked up in an index, whatever the planner thinks (OFFSET 0): where catalogs of ten
 * thousand schemas were never analyzed, it thinks of reading them whole, or of comparing all with all.
 */
const OF = (select: string): string => `cross join lateral (${select} offset 0)`
/** Comments, at the end of a FROM. Where no such object has one, nothing is looked up at all. */
const TOLD = (catalog: string, oid: string): string =>
  `${OF(`select * from pg_catalog.pg_description d where d.classoid = 'pg_catalog.${catalog}'::regclass and d.objoid = ${oid}`)} d where (select exists (select from told where classoid = 'pg_catalog.${catalog}'::regclass))`
export const LINES = `
  with s as materialized (${SCHEMAS}),
  member as materialized (select classid, objid from pg_catalog.pg_depend where refclassid = 'pg_catalog.pg_extension'::regclass and deptype = 'e'),
  told as materialized (select distinct classoid from pg_catalog.pg_description where objoid >= 16384),
  own as materialized (select s.oid as ns, s.own, d.classid, d.objid from s ${OF("select d.classid, d.objid from pg_catalog.pg_depend d where d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = s.oid")} d),
  rel as materialized (select * from (
    select o.ns, o.own, c.* from own o ${OF("select * from pg_catalog.pg_class c where c.oid = o.objid")} c where o.classid = 'pg_catalog.pg_class'::regclass
    union all select o.ns, o.own, c.* from own o ${OF("select c.* from pg_catalog.pg_type t join pg_catalog.pg_class c on c.oid = t.typrelid where t.oid = o.objid and t.typrelid <> 0")} c where o.classid = 'pg_catalog.pg_type'::regclass) c where ${OWN("c.relname")} and ${FREE("pg_class", "c.oid")})
  select r.ns as oid, 'relation' as kind, r.relname::text as key,
    concat_ws(' ', r.relkind, r.relpersistence, r.relreplident, r.relam, r.reltablespace, case when r.reltoastrelid <> 0 then (select array_to_string(t.reloptions, ',') from pg_catalog.pg_class t where t.oid = r.reltoastrelid) end, case when r.relrowsecurity then 'rls' end, case when r.relforcerowsecurity then 'force' end, array_to_string(r.reloptions, ','),
      case when r.relkind = 'p' then pg_catalog.pg_get_partkeydef(r.oid) end, case when r.relispartition then ${R("pg_catalog.pg_get_expr(r.relpartbound, r.oid)")} end,
      case when r.relkind in ('v', 'm') then ${R("pg_catalog.pg_get_viewdef(r.oid)")} end,
      case when r.relhassubclass or r.relispartition or exists (select from pg_catalog.pg_inherits i where i.inhrelid = r.oid)
        then (select string_agg(${R("i.inhparent::regclass::text")}, ',' order by i.inhseqno) from pg_catalog.pg_inherits i where i.inhrelid = r.oid) end,
      case when r.relkind = 'S' then (select concat_ws(',', q.seqtypid, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle) from pg_catalog.pg_sequence q where q.seqrelid = r.oid) end,
      case when r.relkind = 'S' then (select ${R("d.refobjid::regclass::text")} || '.' || d.refobjsubid from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = r.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0) end,
      case when r.relkind = 'f' then (select concat_ws(' ', (select v.srvname from pg_catalog.pg_foreign_server v where v.oid = f.ftserver), f.ftoptions) from pg_catalog.pg_foreign_table f where f.ftrelid = r.oid) end) as definition
  from rel r where r.relkind in ('r', 'p', 'v', 'm', 'S', 'c', 'f')
  union all
  select s.ns, 'comment', s.relname || '.' || d.objsubid, d.description from rel s ${TOLD("pg_class", "s.oid")}
  union all
  select s.ns, 'comment', 'index ' || s.relname || '.' || i.relname, d.description from rel s ${OF("select i.oid, i.relname from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid where x.indrelid = s.oid")} i ${TOLD("pg_class", "i.oid")}
  union all
  select s.ns, 'column', s.relname || '.' || a.attnum, concat_ws(' ', a.attname, case when a.atttypid < 16384 then a.atttypid::text else ${HERE("pg_catalog.format_type(a.atttypid, -1)")} end, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attcollation, a.attstorage, a.attislocal, a.attcompression, a.attstattarget, a.attoptions, a.attfdwoptions, a.attacl,
      case when a.atthasdef then (select ${HERE("pg_catalog.pg_get_expr(d.adbin, d.adrelid)")} from pg_catalog.pg_attrdef d where d.adrelid = s.oid and d.adnum = a.attnum) end)
  from rel s ${OF("select * from pg_catalog.pg_attribute a where a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped")} a
  where s.relkind in ('r', 'p', 'c', 'f')
  union all
  select s.ns, 'constraint', s.relname || '.' || c.conname, concat_ws(' ', c.contype, c.conkey, c.convalidated, c.condeferrable, c.condeferred, c.conislocal, c.connoinherit,
      case when c.contype = 'f' then concat_ws(' ', coalesce((select t.relname::text from pg_catalog.pg_class t where t.oid = c.confrelid and t.relnamespace = s.ns), c.confrelid::text), c.confkey, c.confupdtype, c.confdeltype, c.confmatchtype) end,
      case when c.contype in ('c', 'x', 't') then ${HERE("pg_catalog.pg_get_constraintdef(c.oid)")} end)
  from rel s ${OF("select * from pg_catalog.pg_constraint c where c.conrelid = s.oid and c.contype <> 'n'")} c
  union all
  select s.ns, 'index', i.relname::text, concat_ws(' ', s.relname, i.relam, x.indisunique, x.indisprimary, x.indisvalid, x.indisready, x.indisreplident, x.indisclustered, i.reltablespace, x.indnkeyatts, x.indkey, x.indclass, x.indoption, x.indcollation, case when x.indisunique then to_jsonb(x)->>'indnullsnotdistinct' end, array_to_string(i.reloptions, ','),
      case when x.indpred is not null or x.indexprs is not null then ${HERE("pg_catalog.pg_get_indexdef(x.indexrelid)")} end)
  from rel s ${OF("select * from pg_catalog.pg_index x where x.indrelid = s.oid")} x ${OF("select * from pg_catalog.pg_class i where i.oid = x.indexrelid")} i
  union all
  select s.ns, 'trigger', s.relname || '.' || t.tgname, concat_ws(' ', ${HERE("pg_catalog.pg_get_triggerdef(t.oid)")}, t.tgenabled)
  from rel s ${OF("select * from pg_catalog.pg_trigger t where t.tgrelid = s.oid and not t.tgisinternal")} t
  union all
  select s.ns, 'rule', s.relname || '.' || r.rulename, ${HERE("pg_catalog.pg_get_ruledef(r.oid)")} from rel s ${OF("select * from pg_catalog.pg_rewrite r where r.ev_class = s.oid and r.rulename <> '_RETURN'")} r where s.relhasrules
  union all
  select s.ns, 'policy', s.relname || '.' || p.polname, concat_ws(' ', p.polcmd, p.polpermissive, p.polroles, ${HERE("pg_catalog.pg_get_expr(p.polqual, p.polrelid)")}, ${HERE("pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)")})
  from rel s ${OF("select * from pg_catalog.pg_policy p where p.polrelid = s.oid")} p
  union all
  select s.ns, 'function', p.proname || '(' || ${HERE("pg_catalog.pg_get_function_identity_arguments(p.oid)")} || ')', concat_ws(' ', p.proacl, case when p.prokind in ('f', 'p') then ${HERE("pg_catalog.pg_get_functiondef(p.oid)")} else p.prokind::text || p.proparallel::text || (select concat_ws(' ', ${HERE("(to_jsonb(a) - '{aggfnoid,aggtranstype,aggmtranstype,aggsortop}'::text[])::text")}, ${HERE("concat_ws(' ', pg_catalog.format_type(a.aggtranstype, -1), pg_catalog.format_type(a.aggmtranstype, -1), a.aggsortop::regoperator)")}) from pg_catalog.pg_aggregate a where a.aggfnoid = p.oid) end)
  from own s ${OF("select * from pg_catalog.pg_proc p where p.oid = s.objid")} p where s.classid = 'pg_catalog.pg_proc'::regclass and ${OWN("p.proname")} and ${FREE("pg_proc", "p.oid")}
  union all
  select s.ns, 'type', t.typname::text, concat_ws(' ', t.typtype, (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid),
      t.typacl, case when t.typtype = 'r' then (select ${HERE("concat_ws(' ', pg_catalog.format_type(g.rngsubtype, -1), g.rngcollation::regcollation, g.rngcanonical, g.rngsubdiff, (select o.opcnamespace::regnamespace || '.' || o.opcname from pg_catalog.pg_opclass o where o.oid = g.rngsubopc))")} from pg_catalog.pg_range g where g.rngtypid = t.oid) end,
      case when t.typtype = 'd' then concat_ws(' ', ${HERE("pg_catalog.format_type(t.typbasetype, t.typtypmod)")}, t.typdefault, t.typnotnull,
        (select string_agg(${HERE("pg_catalog.pg_get_constraintdef(c.oid)")}, ' ' order by c.conname) from pg_catalog.pg_constraint c where c.contypid = t.oid and c.contype <> 'n')) end)
  from own s ${OF("select * from pg_catalog.pg_type t where t.oid = s.objid")} t where s.classid = 'pg_catalog.pg_type'::regclass and (t.typtype in ('e', 'd', 'r') or t.typacl is not null) and ${FREE("pg_type", "t.oid")}
  union all
  select s.ns, 'type', s.relname || ' row', t.typacl::text from rel s ${OF("select * from pg_catalog.pg_type t where t.oid = s.reltype and t.typacl is not null")} t where s.relkind <> 'c'
  union all
  select s.oid, 'statistics', x.stxname::text, concat_ws(' ', to_jsonb(x)->>'stxstattarget', ${HERE("pg_catalog.pg_get_statisticsobjdef(x.oid)")}) from s join pg_catalog.pg_statistic_ext x on x.stxnamespace = s.oid
  union all
  select s.oid, 'extension', e.extname::text, e.extversion from s join pg_catalog.pg_extension e on e.extnamespace = s.oid
  union all
  select s.ns, 'owner', s.relname::text, concat_ws(' ', s.relowner, s.relacl) from rel s where s.relacl is not null
  union all
  select s.ns, 'comment', 'pg_constraint ' || s.relname || '.' || c.conname, d.description from rel s ${OF("select * from pg_catalog.pg_constraint c where c.conrelid = s.oid")} c ${TOLD("pg_constraint", "c.oid")}
  union all
  select s.ns, 'comment', 'pg_trigger ' || s.relname || '.' || t.tgname, d.description from rel s ${OF("select * from pg_catalog.pg_trigger t where t.tgrelid = s.oid")} t ${TOLD("pg_trigger", "t.oid")}
  union all
  select s.ns, 'comment', 'pg_policy ' || s.relname || '.' || p.polname, d.description from rel s ${OF("select * from pg_catalog.pg_policy p where p.polrelid = s.oid")} p ${TOLD("pg_policy", "p.oid")}
  union all
  select s.ns, 'comment', 'pg_rewrite ' || s.relname || '.' || r.rulename, d.description from rel s ${OF("select * from pg_catalog.pg_rewrite r where r.ev_class = s.oid")} r ${TOLD("pg_rewrite", "r.oid")}
  union all
  select s.ns, 'comment', 'pg_proc ' || p.proname || '(' || ${HERE("pg_catalog.pg_get_function_identity_arguments(p.oid)")} || ')', d.description from own s ${OF("select * from pg_catalog.pg_proc p where p.oid = s.objid")} p ${TOLD("pg_proc", "p.oid")} and s.classid = 'pg_catalog.pg_proc'::regclass
  union all
  select s.ns, 'comment', 'pg_type ' || t.typname, d.description from own s ${OF("select * from pg_catalog.pg_type t where t.oid = s.objid")} t ${TOLD("pg_type", "t.oid")} and s.classid = 'pg_catalog.pg_type'::regclass
  union all
  select s.ns, 'comment', 'pg_type ' || s.relname || ' row', d.description from rel s ${TOLD("pg_type", "s.reltype")} and s.relkind <> 'c'
  union all
  select s.oid, 'comment', 'pg_statistic_ext ' || x.stxname, d.description from s join pg_catalog.pg_statistic_ext x on x.stxnamespace = s.oid ${TOLD("pg_statistic_ext", "x.oid")}
  union all
  select s.oid, 'comment', 'pg_collation ' || c.collname, d.description from s join pg_catalog.pg_collation c on c.collnamespace = s.oid ${TOLD("pg_collation", "c.oid")}
  union all
  select s.oid, 'schema', '', s.nspacl::text from s where s.nspacl is not null
  union all
  select s.oid, 'default privilege', concat_ws(' ', a.defaclrole::regrole, a.defaclnamespace = 0, a.defaclobjtype), a.defaclacl::text from s join (select * from pg_catalog.pg_default_acl where defaclnamespace <> 0) a on a.defaclnamespace = s.oid
  union all
  select s.oid, 'default privilege', concat_ws(' ', a.defaclrole::regrole, true, a.defaclobjtype), a.defaclacl::text from s, pg_catalog.pg_default_acl a where a.defaclnamespace = 0
  union all
  select s.oid, 'collation', c.collname::text || c.collencoding, (to_jsonb(c) - '{oid,collnamespace,collowner,collversion}'::text[])::text from s join pg_catalog.pg_collation c on c.collnamespace = s.oid
  union all
  select s.oid, 'operator', ${HERE("o.oid::regoperator::text")}, ${HERE("concat_ws(' ', o.oprcode, pg_catalog.format_type(o.oprresult, -1), o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash)")}
  from s join pg_catalog.pg_operator o on o.oprnamespace = s.oid where ${FREE("pg_operator", "o.oid")}
  union all
  select s.oid, 'operator class', o.opcname || ' ' || o.opcmethod, ${HERE("concat_ws(' ', pg_catalog.format_type(o.opcintype, -1), o.opcdefault, pg_catalog.format_type(o.opckeytype, -1), (select f.opfnamespace::regnamespace || '.' || f.opfname from pg_catalog.pg_opfamily f where f.oid = o.opcfamily))")}
  from s join pg_catalog.pg_opclass o on o.opcnamespace = s.oid where ${FREE("pg_opclass", "o.oid")}
  union all
  select s.oid, 'operator family', concat_ws(' ', f.opfname, f.opfmethod), ${HERE("concat_ws(' ', (select string_agg(concat_ws(' ', m.amopstrategy, m.amopopr::regoperator, m.amopsortfamily), ',' order by m.amopstrategy, m.amopopr::regoperator::text) from pg_catalog.pg_amop m where m.amopfamily = f.oid), (select string_agg(concat_ws(' ', m.amprocnum, m.amproc, m.amproclefttype::regtype, m.amprocrighttype::regtype), ',' order by m.amprocnum, m.amproc::text) from pg_catalog.pg_amproc m where m.amprocfamily = f.oid))")}
  from s join pg_catalog.pg_opfamily f on f.opfnamespace = s.oid where ${FREE("pg_opfamily", "f.oid")}
  union all
  select s.oid, 'text search dictionary', t.dictname::text, concat_ws(' ', (select x.tmplname from pg_catalog.pg_ts_template x where x.oid = t.dicttemplate), t.dictinitoption) from s join pg_catalog.pg_ts_dict t on t.dictnamespace = s.oid where ${FREE("pg_ts_dict", "t.oid")}
  union all
  select s.oid, 'text search configuration', t.cfgname::text, ${HERE("concat_ws(' ', t.cfgparser, (select string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ',' order by m.maptokentype, m.mapseqno) from pg_catalog.pg_ts_config_map m where m.mapcfg = t.oid))")}
  from s join pg_catalog.pg_ts_config t on t.cfgnamespace = s.oid where ${FREE("pg_ts_config", "t.oid")}
  union all
  select s.ns, 'published', s.relname || ' ' || p.pubname, concat_ws(' ', to_jsonb(x)->>'prattrs', to_jsonb(x)->>'prqual') from rel s ${OF("select * from pg_catalog.pg_publication_rel x where x.prrelid = s.oid")} x join pg_catalog.pg_publication p on p.oid = x.prpubid
  union all -- since 15; the catalog itself cannot be named before
  select s.oid, 'published', p.pubname::text, '' from s join pg_catalog.pg_depend n on n.refclassid = 'pg_catalog.pg_namespace'::regclass and n.refobjid = s.oid and n.classid = pg_catalog.to_regclass('pg_catalog.pg_publication_namespace')
    join pg_catalog.pg_depend o on o.classid = n.classid and o.objid = n.objid and o.refclassid = 'pg_catalog.pg_publication'::regclass join pg_catalog.pg_publication p on p.oid = o.refobjid
  union all -- the database's own, which all of its schemas share
  select s.oid, w.kind, w.key, w.definition from s, (
    select 'publication' as kind, p.pubname::text as key, (to_jsonb(p) - '{oid,pubowner}'::text[])::text as definition from pg_catalog.pg_publication p
    union all select 'foreign data wrapper', w.fdwname::text, concat_ws(' ', w.fdwhandler, w.fdwvalidator, w.fdwoptions, w.fdwacl) from pg_catalog.pg_foreign_data_wrapper w
    union all select 'server', v.srvname::text, concat_ws(' ', v.srvfdw, v.srvtype, v.srvversion, v.srvoptions, v.srvacl) from pg_catalog.pg_foreign_server v
    union all select 'user mapping', concat_ws(' ', u.srvname, u.usename), u.umoptions::text from pg_catalog.pg_user_mappings u
    union all select 'event trigger', e.evtname::text, concat_ws(' ', e.evtevent, e.evtfoid::regprocedure, e.evtenabled, e.evttags) from pg_catalog.pg_event_trigger e
    union all select 'cast', concat_ws(' ', c.castsource::regtype, c.casttarget::regtype), concat_ws(' ', c.castfunc::regprocedure, c.castcontext, c.castmethod) from pg_catalog.pg_cast c where c.oid >= 16384
  ) w`
