import type { ObjectId } from "../core/catalog.ts"
import { id, qualified, type Entry, type Named, type Writer } from "./kind.ts"

/** A table above this one, as the table's reader finds it. */
export interface ParentRow extends Named {
  readonly key: string
  /** FOR VALUES … or DEFAULT; `null` where the table inherits and is no partition. */
  readonly bound: string | null
}
export interface LinkData {
  readonly table: Named
  readonly parent: Named
  readonly parentKey: string
  readonly bound: string | null
}

/** The SQL that finds the parents of table `c`, in the order of INHERITS. */
export const PARENTS = (key: string, home: string): string => `
  coalesce((select json_agg(json_build_object('key', ${key}, 'schema', ${home}, 'name', pc.relname, 'bound', case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end) order by h.inhseqno)
    from pg_inherits h join pg_class pc on pc.oid = h.inhparent join pg_namespace pn on pn.oid = pc.relnamespace where h.inhrelid = c.oid), '[]')`

/** The link's id: what makes a child's columns, constraints and indexes be there. */
export const linkId = (tableKey: string, parent: { readonly key: string; readonly bound: string | null }): ObjectId =>
  (parent.bound === null ? id("inheritance", `${tableKey} from ${parent.key}`) : id("partition", tableKey))

/** The ties to the parents; a tie can be cut and made again without its table. */
export function linkEntries(table: Named & { readonly oid: string; readonly key: string; readonly id: ObjectId; readonly parents: readonly ParentRow[] }, columns: ReadonlyMap<string, readonly ObjectId[]>): readonly Entry[] {
  return table.parents.map(parent => {
    const link = linkId(table.key, parent)
    const kind = parent.bound === null ? "inheritance" as const : "partition" as const
    const data: LinkData = { table: { schema: table.schema, name: table.name }, parent: { schema: parent.schema, name: parent.name }, parentKey: parent.key, bound: parent.bound }
    return {
      address: `pg_inherits:${table.oid}:${parent.key}`, needs: [id("table", parent.key), ...(columns.get(parent.key) ?? [])],
      object: { id: link, kind, key: link.slice(kind.length + 1), parent: table.id, detail: `of ${parent.key}${parent.bound === null ? "" : ` ${parent.bound}`}`, data, rank: Number(table.oid) },
    }
  })
}

const attach = (data: LinkData) => `ALTER TABLE ${qualified(data.parent)} ATTACH PARTITION ${qualified(data.table)} ${data.bound}`
const detach = (data: LinkData) => `ALTER TABLE ${qualified(data.parent)} DETACH PARTITION ${qualified(data.table)}`

export const partition: Writer<LinkData> = {
  create: ({ data }) => [attach(data)],
  drop: ({ data }) => [detach(data)],
}

export const inheritance: Writer<LinkData> = {
  create: ({ data }) => [`ALTER TABLE ${qualified(data.table)} INHERIT ${qualified(data.parent)}`],
  drop: ({ data }) => [`ALTER TABLE ${qualified(data.table)} NO INHERIT ${qualified(data.parent)}`],
}
