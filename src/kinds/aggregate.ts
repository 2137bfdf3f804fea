import { literal } from "../core/ident.ts"
import { commented, HOME, id, KEY, NOT_EXTENSION, PLACE, PROC, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface AggregateData extends Named {
  readonly args: string
  readonly result: string
  /** `n` normal, `o` ordered-set, `h` hypothetical-set. */
  readonly type: "n" | "o" | "h"
  readonly parts: Readonly<Record<string, string | null>>
  readonly flags: readonly string[]
}
interface Row extends AggregateData { readonly oid: string; readonly key: string; readonly comment: string | null }

const TYPE = (oid: string) => `case when ${oid} <> 0 then format_type(${oid}, null) end`
const SIZE = (column: string) => `nullif(${column}, 0)::text`
/** FINALFUNC_MODIFY is said where it is not what the kind of aggregate has anyway. */
const MODIFY = (column: string) =>
  `case when ${column} <> case a.aggkind when 'n' then 'r' else 'w' end then case ${column} when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end`

export const aggregateReader: Reader<Row> = {
  query: `
    select p.oid::int8::text as oid, ${KEY("n", "p.proname")} || '(' || pg_get_function_identity_arguments(p.oid) || ')' as key, ${HOME("n")} as schema, p.proname as name,
      pg_get_function_identity_arguments(p.oid) as args, pg_get_function_result(p.oid) as result, a.aggkind as type,
      json_build_object('SFUNC', ${PROC("a.aggtransfn")}, 'STYPE', ${TYPE("a.aggtranstype")}, 'SSPACE', ${SIZE("a.aggtransspace")},
        'FINALFUNC', ${PROC("a.aggfinalfn")}, 'FINALFUNC_MODIFY', ${MODIFY("a.aggfinalmodify")},
        'COMBINEFUNC', ${PROC("a.aggcombinefn")}, 'SERIALFUNC', ${PROC("a.aggserialfn")}, 'DESERIALFUNC', ${PROC("a.aggdeserialfn")}, 'INITCOND', a.agginitval,
        'MSFUNC', ${PROC("a.aggmtransfn")}, 'MINVFUNC', ${PROC("a.aggminvtransfn")}, 'MSTYPE', ${TYPE("a.aggmtranstype")}, 'MSSPACE', ${SIZE("a.aggmtransspace")},
        'MFINALFUNC', ${PROC("a.aggmfinalfn")}, 'MFINALFUNC_MODIFY', case when a.aggmtransfn::oid <> 0 then ${MODIFY("a.aggmfinalmodify")} end, 'MINITCOND', a.aggminitval,
        'SORTOP', (select 'OPERATOR(' || ${PLACE("onn")} || o.oprname || ')' from pg_operator o join pg_namespace onn on onn.oid = o.oprnamespace where o.oid = a.aggsortop),
        'PARALLEL', case p.proparallel when 's' then 'SAFE' when 'r' then 'RESTRICTED' end) as parts,
      array_to_json(array_remove(array[case when a.aggfinalextra then 'FINALFUNC_EXTRA' end, case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
        case when a.aggkind = 'h' then 'HYPOTHETICAL' end], null)) as flags,
      obj_description(p.oid, 'pg_proc') as comment
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_aggregate a on a.aggfnoid = p.oid
    where ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_proc", "p.oid")}`,
  read: row => commented({
    address: `pg_proc:${row.oid}:0`,
    object: { id: id("aggregate", row.key), kind: "aggregate", key: row.key, parent: null, detail: list(row), data: row, rank: Number(row.oid) },
  }, `AGGREGATE ${signature(row)}`, row.comment),
}

const signature = (data: AggregateData) => `${qualified(data)}(${data.args === "" ? "*" : data.args})`

const list = (data: AggregateData): string => [
  ...Object.entries(data.parts).flatMap(([name, value]) => (value === null ? [] : [`${name} = ${name.endsWith("INITCOND") ? literal(value) : value}`])),
  ...data.flags,
].join(", ")

export const aggregate: Writer<AggregateData> = {
  create: ({ data }) => [`CREATE AGGREGATE ${signature(data)} (${list(data)})`],
  drop: ({ data }) => [`DROP AGGREGATE ${signature(data)}`],
  alter: (want, have) => (want.data.result === have.data.result && want.data.type === have.data.type ? [`CREATE OR REPLACE AGGREGATE ${signature(want.data)} (${list(want.data)})`] : null),
}
