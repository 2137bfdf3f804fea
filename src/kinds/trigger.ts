import { ident } from "../core/ident.ts"
import { commented, HOME, id, KEY, NOT_LEDGER, qualified, relationKind, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface TriggerData {
  readonly table: Named
  readonly name: string
  readonly head: string
  /** From the event to ON, and from behind the table to the end, as PostgreSQL prints them. */
  readonly event: string
  readonly action: string
  /** `tgenabled`: O enabled, D disabled, R replica, A always. */
  readonly enabled: string
}
interface Row {
  readonly oid: string; readonly tableKey: string; readonly schema: string | null; readonly table: string; readonly name: string; readonly printed: string; readonly printedTable: string
  readonly constraint: boolean; readonly tail: string; readonly enabled: string; readonly relkind: string; readonly comment: string | null
}

export const triggerReader: Reader<Row> = {
  query: `
    select t.oid::int8::text as oid, ${KEY("n", "c.relname")} as "tableKey", ${HOME("n")} as schema, c.relname as table, t.tgname as name, c.relkind as relkind,
      t.tgconstraint <> 0 as constraint, t.tgenabled as enabled, c.oid::regclass::text as "printedTable", obj_description(t.oid, 'pg_trigger') as comment,
      substr(pg_get_triggerdef(t.oid, true), length('CREATE ' || case when t.tgconstraint <> 0 then 'CONSTRAINT ' else '' end || 'TRIGGER ' || quote_ident(t.tgname) || ' ') + 1) as tail
    from pg_trigger t join ${RELATIONS} c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and t.tgparentid = 0 and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")}`,
  read(row) {
    const on = ` ON ${row.printedTable} `
    const cut = row.tail.indexOf(on)
    const data: TriggerData = {
      table: { schema: row.schema, name: row.table }, name: row.name, head: row.constraint ? "CREATE CONSTRAINT TRIGGER" : "CREATE TRIGGER",
      event: row.tail.slice(0, cut), action: row.tail.slice(cut + on.length), enabled: row.enabled,
    }
    const key = `${row.tableKey}.${row.name}`
    return commented({
      address: `pg_trigger:${row.oid}:0`,
      object: { id: id("trigger", key), kind: "trigger", key, parent: id(relationKind(row.relkind), row.tableKey), detail: `${data.head} ${row.tail} ${row.enabled}`, data, rank: Number(row.oid) },
    }, `TRIGGER ${ident(row.name)} ON ${qualified(data.table)}`, row.comment)
  },
}

const STATE: Record<string, string> = { D: "DISABLE", R: "ENABLE REPLICA", A: "ENABLE ALWAYS" }

export const trigger: Writer<TriggerData> = {
  create: ({ data }) => [
    `${data.head} ${ident(data.name)}\n  ${data.event} ON ${qualified(data.table)}\n  ${data.action}`,
    ...(STATE[data.enabled] ? [`ALTER TABLE ${qualified(data.table)} ${STATE[data.enabled]} TRIGGER ${ident(data.name)}`] : []),
  ],
  drop: ({ data }) => [`DROP TRIGGER ${ident(data.name)} ON ${qualified(data.table)}`],
  rename: (have, want) => `ALTER TRIGGER ${ident(have.data.name)} ON ${qualified(have.data.table)} RENAME TO ${ident(want.data.name)}`,
}
