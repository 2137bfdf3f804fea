/** The catalog as values: what `inspect` reads, `compare` compares and `ddl` writes. */

export const KINDS = [
  "role", "schema", "extension", "collation", "enum", "domain", "composite type", "range type", "sequence", "function", "aggregate", "operator", "operator class", "cast",
  "text search dictionary", "text search configuration", "foreign data wrapper", "server", "user mapping", "table", "foreign table", "partition", "inheritance", "column", "default", "column storage", "table storage", "replica identity", "sequence owner",
  "constraint", "index", "statistics", "view", "materialized view", "rule", "trigger", "policy", "event trigger", "publication", "grant", "default privilege", "comment",
] as const
export type KindName = (typeof KINDS)[number]

/** `kind:key`, unique in one catalog. */
export type ObjectId = `${KindName}:${string}`

/** One object of a database, comparable as text and precise enough to be made again. */
export interface CatalogObject<D = unknown> {
  readonly id: ObjectId
  readonly kind: KindName
  /** For people and for matching: `np_users`, `np_users.email`, `app.np_users`. The home schema is not named. */
  readonly key: string
  /** The object whose end is also this one's: a column's table, a comment's target. */
  readonly parent: ObjectId | null
  /** Everything PostgreSQL knows of it but its own name. Two objects are alike if and only if these are the same text. */
  readonly detail: string
  /** Typed by its kind; what `create` and `alter` are written from. */
  readonly data: D
  /** Set where a parent table hands it down: it comes, changes and goes with what it was handed down from. */
  readonly implied?: Implied
  /** Order of creation (`oid`), which is a working order of creation. */
  readonly rank: number
}

export interface Implied {
  /** The tie to the parent table: a `partition` or an `inheritance`. */
  readonly by: ObjectId
  /** The parent's column, constraint or index. */
  readonly from: ObjectId
  /** What the child has beside what the parent says; this alone is compared as long as both sides are handed down. */
  readonly detail: string
  /** True where a table must have it before it can be tied to the parent, false where the tie makes it. */
  readonly needed: boolean
  /** True where the child says it too: then it stays when the parent's goes. */
  readonly local: boolean
}

/** A whole database at one moment, seen from its home schema. */
export interface Catalog {
  readonly objects: ReadonlyMap<ObjectId, CatalogObject>
  /** What each object needs, from `pg_depend`. */
  readonly needs: ReadonlyMap<ObjectId, readonly ObjectId[]>
}

/** A database in which nothing was made. */
export const EMPTY: Catalog = { objects: new Map(), needs: new Map() }

export interface Change {
  readonly want: CatalogObject
  readonly have: CatalogObject
}

export interface Drift {
  readonly missing: readonly CatalogObject[]
  readonly extra: readonly CatalogObject[]
  readonly changed: readonly Change[]
}
