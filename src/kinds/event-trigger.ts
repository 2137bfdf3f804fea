import { ident, literal } from "../core/ident.ts"
import { commented, id, NAMED, NOT_EXTENSION, type Reader, type Writer } from "./kind.ts"

export interface EventTriggerData {
  readonly name: string
  readonly event: string
  readonly tags: readonly string[]
  readonly function: string
  /** `evtenabled`: O enabled, D disabled, R replica, A always. */
  readonly enabled: string
}
interface Row extends EventTriggerData { readonly oid: string; readonly comment: string | null }

export const eventTriggerReader: Reader<Row> = {
  query: `
    select t.oid::int8::text as oid, t.evtname as name, t.evtevent as event, coalesce(to_json(t.evttags), '[]') as tags, t.evtenabled as enabled,
      ${NAMED("n", "p.proname")} as function, obj_description(t.oid, 'pg_event_trigger') as comment
    from pg_event_trigger t join pg_proc p on p.oid = t.evtfoid join pg_namespace n on n.oid = p.pronamespace where ${NOT_EXTENSION("pg_event_trigger", "t.oid")}`,
  read: row => commented({
    address: `pg_event_trigger:${row.oid}:0`,
    object: { id: id("event trigger", row.name), kind: "event trigger", key: row.name, parent: null, detail: `${clause(row)} ${row.enabled}`, data: row, rank: Number(row.oid) },
  }, `EVENT TRIGGER ${ident(row.name)}`, row.comment),
}

const clause = (data: EventTriggerData) =>
  `ON ${data.event}${data.tags.length === 0 ? "" : `\n  WHEN TAG IN (${data.tags.map(literal).join(", ")})`}\n  EXECUTE FUNCTION ${data.function}()`
const STATE: Record<string, string> = { O: "ENABLE", D: "DISABLE", R: "ENABLE REPLICA", A: "ENABLE ALWAYS" }
const state = (data: EventTriggerData) => `ALTER EVENT TRIGGER ${ident(data.name)} ${STATE[data.enabled]}`

export const eventTrigger: Writer<EventTriggerData> = {
  create: ({ data }) => [`CREATE EVENT TRIGGER ${ident(data.name)} ${clause(data)}`, ...(data.enabled === "O" ? [] : [state(data)])],
  drop: ({ data }) => [`DROP EVENT TRIGGER ${ident(data.name)}`],
  alter: (want, have) => (clause(want.data) === clause(have.data) ? [state(want.data)] : null),
  rename: (have, want) => `ALTER EVENT TRIGGER ${ident(have.data.name)} RENAME TO ${ident(want.data.name)}`,
}
