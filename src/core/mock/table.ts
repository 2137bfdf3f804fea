/** What must be known of a table to fill it, read from the live catalog. */

/** A type with all that it is made of. `text`: as SQL names it, with its modifier, for casts. */
export interface MockType {
  readonly kind: "base" | "enum" | "domain" | "array" | "range" | "multirange" | "composite"
  /** `pg_type.typname`: `int4`, `varchar`, `vector`. */
  readonly name: string
  readonly text: string
  /** `atttypmod`, or the domain's; -1 where there is none. */
  readonly modifier: number
  /** Of an enum, in its order. */
  readonly labels: readonly string[]
  /** An array's element, a domain's base, a range's bound, a multirange's range. */
  readonly of: MockType | null
  readonly fields: readonly { readonly name: string; readonly type: MockType }[]
  /** Of a domain: its checks over VALUE, as PostgreSQL prints them. */
  readonly checks: readonly MockCheck[]
  readonly notNull: boolean
}

export interface MockCheck {
  readonly name: string
  /** As PostgreSQL prints it, without CHECK. */
  readonly expression: string
}

export interface MockColumn {
  readonly name: string
  readonly type: MockType
  readonly notNull: boolean
  /** As PostgreSQL prints it; of a generated column the expression. */
  readonly default: string | null
  readonly generated: boolean
  readonly identity: boolean
}

/** Where a unique index, key or constraint holds. */
export interface MockUnique {
  readonly name: string
  /** Those that stand in it as they are. */
  readonly columns: readonly string[]
  /** Texts of its expressions: `lower(email)`. */
  readonly expressions: readonly string[]
  /** Of a partial index. */
  readonly predicate: string | null
  readonly primary: boolean
  readonly nullsDistinct: boolean
}

export interface MockForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  /** oid of the table it points to. */
  readonly target: string
  readonly targetColumns: readonly string[]
  readonly deferrable: boolean
}

export interface MockTable {
  readonly oid: string
  readonly schema: string
  readonly name: string
  readonly columns: readonly MockColumn[]
  readonly uniques: readonly MockUnique[]
  readonly foreignKeys: readonly MockForeignKey[]
  readonly checks: readonly MockCheck[]
  readonly exclusions: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** Names of enabled triggers that fire at INSERT. */
  readonly triggers: readonly string[]
  /** Of a partitioned table without a default partition: what each leaf takes. */
  readonly partitions: readonly string[]
}

/** `np_users`, or `app.np_users` away from home. For people. */
export const shownName = ({ schema, name }: Pick<MockTable, "schema" | "name">, home: string): string => (schema === home ? name : `${schema}.${name}`)

/** What a domain is in the end; any other type is itself. */
export const baseOf = (type: MockType): MockType => (type.kind === "domain" ? baseOf(type.of!) : type)
