import { ident } from "../core/ident.ts"
import { commented, HOME, id, KEY, NOT_EXTENSION, qualified, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface RuleData {
  readonly table: Named
  readonly word: "TABLE" | "VIEW"
  readonly name: string
  /** As PostgreSQL prints it, without a semicolon at its end. */
  readonly text: string
  /** `ev_enabled`: O enabled, D disabled, R replica, A always. */
  readonly enabled: string
}
interface Row extends Omit<RuleData, "table"> { readonly oid: string; readonly key: string; readonly schema: string | null; readonly table: string; readonly comment: string | null }

export const ruleReader: Reader<Row> = {
  query: `
    select r.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as table, case c.relkind when 'v' then 'VIEW' else 'TABLE' end as word,
      r.rulename as name, rtrim(pg_get_ruledef(r.oid, true), ';') as text, r.ev_enabled as enabled, obj_description(r.oid, 'pg_rewrite') as comment
    from pg_rewrite r join ${RELATIONS} c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where r.rulename <> '_RETURN' and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_rewrite", "r.oid")} and ${NOT_EXTENSION("pg_class", "c.oid")}`,
  read(row) {
    const data: RuleData = { ...row, table: { schema: row.schema, name: row.table } }
    const key = `${row.key}.${row.name}`
    return commented({
      address: `pg_rewrite:${row.oid}:0`,
      object: { id: id("rule", key), kind: "rule", key, parent: id(row.word === "VIEW" ? "view" : "table", row.key), detail: `${data.text} ${data.enabled}`, data, rank: Number(row.oid) },
    }, `RULE ${ident(row.name)} ON ${qualified(data.table)}`, row.comment)
  },
}

const STATE: Record<string, string> = { O: "ENABLE", D: "DISABLE", R: "ENABLE REPLICA", A: "ENABLE ALWAYS" }
const state = (data: RuleData) => `ALTER TABLE ${qualified(data.table)} ${STATE[data.enabled]} RULE ${ident(data.name)}`

export const rule: Writer<RuleData> = {
  create: ({ data }) => [data.text, ...(data.enabled === "O" ? [] : [state(data)])],
  drop: ({ data }) => [`DROP RULE ${ident(data.name)} ON ${qualified(data.table)}`],
  alter: (want, have) => [
    ...(want.data.text === have.data.text ? [] : [want.data.text.replace("CREATE RULE", "CREATE OR REPLACE RULE")]),
    ...(want.data.enabled === have.data.enabled ? [] : [state(want.data)]),
  ],
  rename: (have, want) => `ALTER RULE ${ident(have.data.name)} ON ${qualified(have.data.table)} RENAME TO ${ident(want.data.name)}`,
}
