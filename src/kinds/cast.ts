import { commented, id, NAMED, NOT_EXTENSION, type Reader, type Writer } from "./kind.ts"

export interface CastData { readonly source: string; readonly target: string; readonly way: string; readonly context: "e" | "a" | "i" }
interface Row extends CastData { readonly oid: string; readonly comment: string | null }

export const castReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, format_type(c.castsource, null) as source, format_type(c.casttarget, null) as target, c.castcontext as context,
      case c.castmethod when 'i' then 'WITH INOUT' when 'b' then 'WITHOUT FUNCTION'
        else (select 'WITH FUNCTION ' || ${NAMED("pn", "p.proname")} || '(' || pg_get_function_identity_arguments(p.oid) || ')' from pg_proc p join pg_namespace pn on pn.oid = p.pronamespace where p.oid = c.castfunc) end as way,
      obj_description(c.oid, 'pg_cast') as comment
    from pg_cast c where c.oid >= 16384 and not exists (select from pg_depend i where i.classid = 'pg_cast'::regclass and i.objid = c.oid and i.deptype = 'i') and ${NOT_EXTENSION("pg_cast", "c.oid")}`,
  read(row) {
    const key = `(${row.source} AS ${row.target})`
    return commented({
      address: `pg_cast:${row.oid}:0`,
      object: { id: id("cast", key), kind: "cast", key, parent: null, detail: clause(row), data: row, rank: Number(row.oid) },
    }, `CAST ${key}`, row.comment)
  },
}

const clause = (data: CastData) => `${data.way}${{ e: "", a: " AS ASSIGNMENT", i: " AS IMPLICIT" }[data.context]}`

export const cast: Writer<CastData> = {
  create: ({ data }) => [`CREATE CAST (${data.source} AS ${data.target}) ${clause(data)}`],
  drop: ({ data }) => [`DROP CAST (${data.source} AS ${data.target})`],
}
