import type { CatalogObject, KindName, ObjectId } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"

/** A name as the home schema sees it: `schema` is `null` at home. */
export interface Named {
  readonly schema: string | null
  readonly name: string
}

/** An object together with the address `pg_depend` knows it by: `class:oid:sub`. */
export interface Entry {
  readonly address: string
  readonly object: CatalogObject
}

/** How one family of catalog objects is read. `$1` of the query is the home schema. */
export interface Reader<R> {
  readonly query: string
  read(row: R): readonly Entry[]
}

/** How objects of one kind are written as SQL. Statements carry no trailing semicolon. */
export interface Writer<D> {
  create(object: CatalogObject<D>, children: readonly CatalogObject[]): readonly string[]
  drop(object: CatalogObject<D>): readonly string[]
  /** In place, or `null` where PostgreSQL cannot: then it is dropped and created again. */
  alter?(want: CatalogObject<D>, have: CatalogObject<D>): readonly string[] | null
  /** `null` where the kind has no RENAME. */
  rename?(have: CatalogObject<D>, want: CatalogObject<D>): string
}

export const id = (kind: KindName, key: string): ObjectId => `${kind}:${key}`

/** `"np_users"`, or `"app"."np_users"` away from home. */
export const qualified = (named: Named): string => (named.schema === null ? ident(named.name) : `${ident(named.schema)}.${ident(named.name)}`)

/** An entry and, where a comment stands on the object, the comment's entry. */
export function commented(entry: Entry, on: string, comment: string | null): readonly Entry[] {
  if (comment === null) return [entry]
  const key = `${entry.object.kind} ${entry.object.key}`
  const object: CatalogObject<CommentData> = {
    id: id("comment", key), kind: "comment", key, parent: entry.object.id, detail: comment, data: { on, text: comment }, rank: entry.object.rank,
  }
  return [entry, { address: `comment:${key}`, object }]
}

export interface CommentData {
  /** What stands behind COMMENT ON: `TABLE "np_users"`. */
  readonly on: string
  readonly text: string
}

/** Schemas that belong to PostgreSQL itself are never read; nor is what an extension owns, nor nself's own ledger. */
export const USER_SCHEMA = (n: string): string => `${n}.nspname !~ '^pg_' and ${n}.nspname <> 'information_schema'`
export const NOT_EXTENSION = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
export const NOT_LEDGER = (c: string): string => `${c}.relname !~ '^np_migrations(_|$)'`
/** The SQL that gives a relation its key. */
export const KEY = (n: string, name: string): string => `case when ${n}.nspname = $1 then '' else quote_ident(${n}.nspname) || '.' end || quote_ident(${name})`
export const HOME = (n: string): string => `nullif(${n}.nspname, $1::name)`
