/** What a change does to a part of the picture; `null` where nothing was compared or nothing changes. */
export type DiagramChange = "added" | "removed" | "changed" | null

export interface DiagramColumn {
  readonly name: string
  /** As PostgreSQL says it, short: `timestamptz`, `varchar(80)[]`. */
  readonly type: string
  readonly primary: boolean
  readonly foreign: boolean
  readonly unique: boolean
  readonly nullable: boolean
  readonly change: DiagramChange
}

export interface DiagramTable {
  /** `np_users`, `app.users`. */
  readonly name: string
  readonly columns: readonly DiagramColumn[]
  readonly change: DiagramChange
}

/** A foreign key. */
export interface DiagramEdge {
  readonly name: string
  readonly from: string
  readonly columns: readonly string[]
  readonly to: string
  readonly toColumns: readonly string[]
  /** At most one row refers to each row: the key's columns are unique. */
  readonly one: boolean
  /** A row need not refer to any. */
  readonly optional: boolean
  readonly change: DiagramChange
}

/** Tables and their keys as a picture shows them. */
export interface Diagram {
  readonly tables: readonly DiagramTable[]
  readonly edges: readonly DiagramEdge[]
}

export const hasChanges = ({ tables, edges }: Diagram): boolean =>
  [...tables, ...edges, ...tables.flatMap(table => table.columns)].some(({ change }) => change !== null)
