import { commented, HOME, id, KEY, NAMED, NOT_EXTENSION, PLACE, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface OperatorClassData extends Named {
  readonly method: string
  readonly type: string
  readonly default: boolean
  /** OPERATOR, FUNCTION and STORAGE lines in the order of their numbers. */
  readonly parts: readonly string[]
}
interface Row extends OperatorClassData { readonly oid: string; readonly familyOid: string; readonly key: string; readonly comment: string | null }

/** What belongs to the class itself hangs on it internally; what was added to the family later is not read. */
const OF_CLASS = (catalog: string, oid: string) => `exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid}
        and d.refclassid = 'pg_opclass'::regclass and d.refobjid = k.oid and d.deptype = 'i')`

export const operatorClassReader: Reader<Row> = {
  query: `
    select k.oid::int8::text as oid, k.opcfamily::int8::text as "familyOid", ${KEY("n", "k.opcname")} || ' using ' || m.amname as key, ${HOME("n")} as schema, k.opcname as name, m.amname as method,
      format_type(k.opcintype, null) as type, k.opcdefault as default,
      coalesce((select json_agg(part order by part collate "C") from (
        select 'OPERATOR ' || o.amopstrategy || ' ' || ${PLACE("pn")} || p.oprname || '(' || format_type(o.amoplefttype, null) || ', ' || format_type(o.amoprighttype, null) || ')'
          || case when o.amoppurpose = 'o' then (select ' FOR ORDER BY ' || ${NAMED("fn", "f.opfname")} from pg_opfamily f join pg_namespace fn on fn.oid = f.opfnamespace where f.oid = o.amopsortfamily) else '' end as part
        from pg_amop o join pg_operator p on p.oid = o.amopopr join pg_namespace pn on pn.oid = p.oprnamespace where o.amopfamily = k.opcfamily and ${OF_CLASS("pg_amop", "o.oid")}
        union all
        select 'FUNCTION ' || a.amprocnum || ' (' || format_type(a.amproclefttype, null) || ', ' || format_type(a.amprocrighttype, null) || ') '
          || ${NAMED("pn", "p.proname")} || '(' || pg_get_function_identity_arguments(p.oid) || ')'
        from pg_amproc a join pg_proc p on p.oid = a.amproc join pg_namespace pn on pn.oid = p.pronamespace where a.amprocfamily = k.opcfamily and ${OF_CLASS("pg_amproc", "a.oid")}
        union all
        select 'STORAGE ' || format_type(k.opckeytype, null) where k.opckeytype <> 0) parts), '[]') as parts,
      obj_description(k.oid, 'pg_opclass') as comment
    from pg_opclass k join pg_namespace n on n.oid = k.opcnamespace join pg_am m on m.oid = k.opcmethod
    where ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_opclass", "k.oid")}`,
  read: row => commented({
    address: `pg_opclass:${row.oid}:0`, aliases: [`pg_opfamily:${row.familyOid}:0`],
    object: { id: id("operator class", row.key), kind: "operator class", key: row.key, parent: null, detail: clause(row), data: row, rank: Number(row.oid) },
  }, `OPERATOR CLASS ${qualified(row)} USING ${row.method}`, row.comment),
}

const clause = (data: OperatorClassData) => `${data.default ? "DEFAULT " : ""}FOR TYPE ${data.type} USING ${data.method} AS\n  ${data.parts.length === 0 ? `STORAGE ${data.type}` : data.parts.join(",\n  ")}`

export const operatorClass: Writer<OperatorClassData> = {
  create: ({ data }) => [`CREATE OPERATOR CLASS ${qualified(data)} ${clause(data)}`],
  // CREATE OPERATOR CLASS makes a family of its name, and only the family's drop takes both
  drop: ({ data }) => [`DROP OPERATOR FAMILY ${qualified(data)} USING ${data.method} CASCADE`],
}
