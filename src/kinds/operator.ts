import { ident } from "../core/ident.ts"
import { commented, HOME, id, NOT_EXTENSION, PLACE, PROC, USER_SCHEMA, type Reader, type Writer } from "./kind.ts"

export interface OperatorData {
  readonly schema: string | null
  readonly name: string
  readonly left: string | null
  readonly right: string
  readonly parts: Readonly<Record<string, string | null>>
  readonly flags: readonly string[]
}
interface Row extends OperatorData { readonly oid: string; readonly key: string; readonly comment: string | null }

const OTHER = (oid: string) => `(select 'OPERATOR(' || ${PLACE("xn")} || x.oprname || ')' from pg_operator x join pg_namespace xn on xn.oid = x.oprnamespace where x.oid = ${oid})`

export const operatorReader: Reader<Row> = {
  // one without a function is the shadow of a COMMUTATOR or NEGATOR that nobody has made yet
  query: `
    select o.oid::int8::text as oid, case when n.nspname = $1 then '' else quote_ident(n.nspname) || '.' end || o.oprname || '(' || coalesce(format_type(nullif(o.oprleft, 0), null), 'NONE') || ', ' || format_type(o.oprright, null) || ')' as key,
      ${HOME("n")} as schema, o.oprname as name, format_type(nullif(o.oprleft, 0), null) as left, format_type(o.oprright, null) as right,
      json_build_object('FUNCTION', ${PROC("o.oprcode")}, 'COMMUTATOR', ${OTHER("o.oprcom")}, 'NEGATOR', ${OTHER("o.oprnegate")}, 'RESTRICT', ${PROC("o.oprrest")}, 'JOIN', ${PROC("o.oprjoin")}) as parts,
      array_to_json(array_remove(array[case when o.oprcanhash then 'HASHES' end, case when o.oprcanmerge then 'MERGES' end], null)) as flags,
      obj_description(o.oid, 'pg_operator') as comment
    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
    where o.oprcode::oid <> 0 and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_operator", "o.oid")}`,
  read: row => commented({
    address: `pg_operator:${row.oid}:0`,
    object: { id: id("operator", row.key), kind: "operator", key: row.key, parent: null, detail: list(row), data: row, rank: Number(row.oid) },
  }, `OPERATOR ${signature(row)}`, row.comment),
}

const name = (data: OperatorData) => (data.schema === null ? data.name : `${ident(data.schema)}.${data.name}`)
const signature = (data: OperatorData) => `${name(data)} (${data.left ?? "NONE"}, ${data.right})`

const list = (data: OperatorData): string => [
  ...(data.left === null ? [] : [`LEFTARG = ${data.left}`]), `RIGHTARG = ${data.right}`,
  ...Object.entries(data.parts).flatMap(([part, value]) => (value === null ? [] : [`${part} = ${value}`])), ...data.flags,
].join(", ")

export const operator: Writer<OperatorData> = {
  create: ({ data }) => [`CREATE OPERATOR ${name(data)} (${list(data)})`],
  drop: ({ data }) => [`DROP OPERATOR ${signature(data)}`],
}
