import { commented, HOME, id, KEY, NOT_EXTENSION, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface FunctionData extends Named {
  /** FUNCTION or PROCEDURE. */
  readonly word: string
  /** Identity arguments, as DROP and COMMENT want them. */
  readonly args: string
  readonly result: string | null
  readonly names: string
  /** What stands behind the name in CREATE OR REPLACE: the arguments in brackets and all that follows. */
  readonly tail: string
}
interface Row extends FunctionData { readonly oid: string; readonly key: string; readonly comment: string | null }

export const functionReader: Reader<Row> = {
  query: `
    select p.oid::int8::text as oid, ${KEY("n", "p.proname")} || '(' || pg_get_function_identity_arguments(p.oid) || ')' as key, ${HOME("n")} as schema, p.proname as name,
      case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end as word, pg_get_function_identity_arguments(p.oid) as args,
      pg_get_function_result(p.oid) as result, coalesce(array_to_string(p.proargnames, ','), '') || coalesce(pg_get_expr(p.proargdefaults, 0), '') as names,
      -- pg_get_functiondef always names the schema: cut its head, whose length is known
      substr(pg_get_functiondef(p.oid), length('CREATE OR REPLACE ' || case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end || ' '
        || quote_ident(n.nspname) || '.' || quote_ident(p.proname)) + 1) as tail,
      obj_description(p.oid, 'pg_proc') as comment
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prokind in ('f', 'p', 'w') and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_proc", "p.oid")}
      and p.proname <> 'np_migrations_audit_append_only' -- nself's own, beside its ledger
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i') -- a range type makes its constructors itself`,
  read: row => commented({
    address: `pg_proc:${row.oid}:0`,
    object: { id: id("function", row.key), kind: "function", key: row.key, parent: null, detail: `${row.word} ${row.tail.trimEnd()}`, data: row, rank: Number(row.oid) },
  }, `${row.word} ${qualified(row)}(${row.args})`, row.comment),
}

const make = (data: FunctionData) => `CREATE OR REPLACE ${data.word} ${qualified(data)}${data.tail.trimEnd()}`

export const functionWriter: Writer<FunctionData> = {
  create: ({ data }) => [make(data)],
  drop: ({ data }) => [`DROP ${data.word} ${qualified(data)}(${data.args})`],
  // CREATE OR REPLACE refuses another result, other argument names and fewer defaults
  alter: (want, have) =>
    want.data.word === have.data.word && want.data.result === have.data.result && want.data.names === have.data.names ? [make(want.data)] : null,
}
