import { ident } from "../core/ident.ts"
import { HOME, id, KEY, NOT_EXTENSION, NOT_LEDGER, qualified, relationKind, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

/**
 * The access method and the tablespace of a table or a materialized view, where they are not the usual ones; as an object of its own, the options of its
 * TOAST table, which is there only when a column needs it.
 */
export interface TableStorageData extends Named {
  readonly word: "TABLE" | "MATERIALIZED VIEW"
  readonly method: string | null
  readonly tablespace: string | null
  /** `toast.autovacuum_enabled=false` */
  readonly toast: readonly string[]
}
interface StorageRow extends TableStorageData { readonly oid: string; readonly key: string; readonly relkind: string; readonly columns: readonly string[] }

export interface ReplicaIdentityData { readonly table: Named; /** `n` nothing, `f` full, `i` by an index. */ readonly type: "n" | "f" | "i"; readonly index: string | null }
interface IdentityRow { readonly oid: string; readonly key: string; readonly schema: string | null; readonly name: string; readonly type: "n" | "f" | "i"; readonly index: string | null; readonly indexKey: string | null; readonly constraint: boolean; readonly columns: readonly string[] | null }

const TABLES = `${USER_SCHEMA("n")} and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}`

export const tableStorageReader: Reader<StorageRow> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name, c.relkind as relkind, case c.relkind when 'm' then 'MATERIALIZED VIEW' else 'TABLE' end as word,
      (select m.amname from pg_am m where m.oid = c.relam and m.amname <> 'heap') as method, (select s.spcname from pg_tablespace s where s.oid = c.reltablespace) as tablespace,
      '[]'::json as toast, '[]'::json as columns
    from ${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm') and (c.reltablespace <> 0 or exists (select from pg_am m where m.oid = c.relam and m.amname <> 'heap')) and ${TABLES}
    union all
    select c.oid::int8::text, ${KEY("n", "c.relname")}, ${HOME("n")}, c.relname, c.relkind, case c.relkind when 'm' then 'MATERIALIZED VIEW' else 'TABLE' end, null, null,
      (select json_agg('toast.' || option order by option) from unnest(h.reloptions) option), (select json_agg(a.attname) from pg_attribute a where c.relkind = 'r' and a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
    from ${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace join pg_class h on h.oid = c.reltoastrelid
    where c.relkind in ('r', 'm') and h.reloptions is not null and ${TABLES}`,
  read(row) {
    const key = row.toast.length > 0 ? `${row.key} toast` : row.key
    return [{
      address: `table storage:${row.oid}:${row.toast.length}`, needs: (row.columns ?? []).map(name => id("column", `${row.key}.${name}`)),
      object: { id: id("table storage", key), kind: "table storage", key, parent: id(relationKind(row.relkind), row.key), detail: said(row).join(", "), data: row, rank: Number(row.oid) },
    }]
  },
}

const said = (data: TableStorageData): string[] => [...(data.toast.length === 0 ? [] : [`(${data.toast.join(", ")})`]), ...(data.method === null ? [] : [`ACCESS METHOD ${ident(data.method)}`]), ...(data.tablespace === null ? [] : [`TABLESPACE ${ident(data.tablespace)}`])]
const set = (data: TableStorageData, parts: readonly string[]): string[] => parts.map(part => `ALTER ${data.word} ${qualified(data)} SET ${part}`)
const usual = (data: TableStorageData) => [...(data.method === null ? [] : ["ACCESS METHOD heap"]), ...(data.tablespace === null ? [] : ["TABLESPACE pg_default"])]

const reset = (data: TableStorageData, options: readonly string[]) =>
  (options.length === 0 ? [] : [`ALTER ${data.word} ${qualified(data)} RESET (${options.map(option => option.slice(0, option.indexOf("="))).join(", ")})`])
const isSet = (options: readonly string[], option: string) => options.some(one => one.startsWith(option.slice(0, option.indexOf("=") + 1)))

export const tableStorage: Writer<TableStorageData> = {
  create: ({ data }) => set(data, said(data)),
  drop: ({ data }) => [...reset(data, data.toast), ...set(data, usual(data))],
  alter: ({ data: want }, { data: have }) => [...reset(want, have.toast.filter(option => !isSet(want.toast, option))), ...set(want, usual({ ...have, method: want.method === null ? have.method : null, tablespace: want.tablespace === null ? have.tablespace : null })), ...set(want, said(want))],
}

export const replicaIdentityReader: Reader<IdentityRow> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name, c.relreplident as type, i.relname as index, ${KEY("n", "i.relname")} as "indexKey",
      exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x')) as constraint,
      (select json_agg(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (x.indkey)) as columns
    from ${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace left join pg_index x on x.indrelid = c.oid and x.indisreplident left join pg_class i on i.oid = x.indexrelid
    where c.relkind in ('r', 'p') and c.relreplident in ('n', 'f', 'i') and ${TABLES}`,
  read(row) {
    const data: ReplicaIdentityData = { table: { schema: row.schema, name: row.name }, type: row.type === "i" && row.index === null ? "n" : row.type, index: row.index }
    // the columns too: each has to be NOT NULL by then
    const needs = row.index === null ? [] : [row.constraint ? id("constraint", `${row.key}.${row.index}`) : id("index", row.indexKey!), ...(row.columns ?? []).map(name => id("column", `${row.key}.${name}`))]
    return [{
      address: `replica identity:${row.oid}:0`, needs,
      object: { id: id("replica identity", row.key), kind: "replica identity", key: row.key, parent: id("table", row.key), detail: identity(data), data, rank: Number(row.oid) },
    }]
  },
}

const identity = (data: ReplicaIdentityData) => (data.type === "f" ? "FULL" : data.type === "n" ? "NOTHING" : `USING INDEX ${ident(data.index!)}`)
const put = (data: ReplicaIdentityData, how: string) => [`ALTER TABLE ${qualified(data.table)} REPLICA IDENTITY ${how}`]

export const replicaIdentity: Writer<ReplicaIdentityData> = {
  create: ({ data }) => put(data, identity(data)),
  drop: ({ data }) => put(data, "DEFAULT"),
  alter: ({ data }) => put(data, identity(data)),
}
