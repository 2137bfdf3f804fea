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
  /** Other addresses of the same object: its array type, its constraints that are no objects of their own. */
  readonly aliases?: readonly string[]
  /** What it needs beside what `pg_depend` says. */
  readonly needs?: readonly ObjectId[]
  readonly object: CatalogObject
}

/** How one family of catalog objects is read. `$1` of the query is the home schema. */
export interface Reader<R> {
  readonly query: string
  read(row: R): readonly Entry[]
}

export interface Swap {
  readonly statements: readonly string[]
  /** The end of the old one, once nobody stands on it. */
  readonly sweep: readonly string[]
}

/** How columns have a type that is to be altered: at all, and in arrays or inside other types. */
export interface Use {
  readonly used: boolean
  readonly inside: boolean
}

/** How objects of one kind are written as SQL. Statements carry no trailing semicolon. */
export interface Writer<D> {
  create(object: CatalogObject<D>, children: readonly CatalogObject[]): readonly string[]
  drop(object: CatalogObject<D>): readonly string[]
  /** In place, or `null` where PostgreSQL cannot: then it is dropped and created again. */
  alter?(want: CatalogObject<D>, have: CatalogObject<D>, use: Use): readonly string[] | null
  /** A new one in the place of the old while columns have the type: the values move over. */
  swap?(want: CatalogObject<D>, have: CatalogObject<D>): Swap
  /** `null` where the kind has no RENAME. */
  rename?(have: CatalogObject<D>, want: CatalogObject<D>): string
}

export const id = (kind: KindName, key: string): ObjectId => `${kind}:${key}`

/** `"np_users"`, or `"app"."np_users"` away from home. */
export const qualified = (named: Named): string => (named.schema === null ? ident(named.name) : `${ident(named.schema)}.${ident(named.name)}`)

/** An entry and, where a comment stands on the object, the comment's entry. */
export function commented(entry: Entry, on: string, comment: string | null): readonly Entry[] {
  return [entry, ...commentEntry(`${entry.object.kind} ${entry.object.key}`, entry.object, on, comment)]
}

/** The comment on something that may be no object of its own: a view's column, a domain's check. */
export function commentEntry(key: string, owner: Pick<CatalogObject, "id" | "rank">, on: string, comment: string | null): readonly Entry[] {
  if (comment === null) return []
  const data: CommentData = { on, text: comment }
  return [{ address: `comment:${key}`, object: { id: id("comment", key), kind: "comment", key, parent: owner.id, detail: comment, data, rank: owner.rank } }]
}

export interface CommentData {
  /** What stands behind COMMENT ON: `TABLE "np_users"`. */
  readonly on: string
  readonly text: string
}

/** The one schema that is read, where only one is: a database with ten thousand tenants is not read for the sake of one. */
const ONLY = "nullif(current_setting('nself.only_schema', true), '')::name"
/** Schemas that belong to PostgreSQL itself are never read; nor is what an extension owns, nor nself's own ledger. */
export const USER_SCHEMA = (n: string): string => `${n}.nspname !~ '^pg_' and ${n}.nspname <> 'information_schema' and coalesce(${n}.nspname = ${ONLY}, true)`
/** In a FROM: the relations that are read, indexes and what TOAST keeps left out where it is one schema. As it stands here they are all there are; `ofOneSchema` narrows it. */
export const RELATIONS = "pg_class/*read*/"
/** What is in the one schema, as `classid` and `objid`, without what goes with something else there. PostgreSQL keeps an index of what needs a schema, and none of the schemas of its relations. */
export const IN_SCHEMA = `(select o.classid, o.objid from pg_depend o where o.refclassid = 'pg_namespace'::regclass and o.refobjid = (select s.oid from pg_namespace s where s.nspname = ${ONLY}))`
/** The relations of the one schema: a composite type's goes with its type. */
const IN_SCHEMA_RELATIONS = `(select k.* from (
  select i.objid as oid from ${IN_SCHEMA} i where i.classid = 'pg_class'::regclass
  union all select t.typrelid from ${IN_SCHEMA} i join pg_type t on t.oid = i.objid where i.classid = 'pg_type'::regclass and t.typrelid <> 0) own join pg_class k on k.oid = own.oid)`
/** A reader's question for the one schema `ONLY` names. */
export const ofOneSchema = (query: string): string => query.replaceAll(RELATIONS, IN_SCHEMA_RELATIONS)
export const NOT_EXTENSION = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
export const NOT_LEDGER = (c: string): string => `${c}.relname !~ '^np_(migrations(_|$)|seeds$)'`
/** The comment on an object. `obj_description` says the same, but as a function in SQL it takes ten times as long, and this is asked for every column. */
export const COMMENT = (catalog: string, oid: string, sub = "0"): string =>
  `(select description from pg_description where objoid = ${oid} and classoid = '${catalog}'::regclass and objsubid = ${sub})`
/** The SQL that gives a relation its key. */
export const KEY = (n: string, name: string): string => `case when ${n}.nspname = $1 then '' else quote_ident(${n}.nspname) || '.' end || quote_ident(${name})`
export const HOME = (n: string): string => `nullif(${n}.nspname, $1::name)`
/** Storage options in one order, whatever order somebody set them in. */
export const OPTIONS = (reloptions: string): string => `case when ${reloptions} is null then '[]'::json else (select json_agg(option order by option) from unnest(${reloptions}) option) end`
/** The name of a column by its number. As a question of its own it is one look into an index; joined, PostgreSQL would read all columns of the table. */
export const COLUMN = (table: string, num: string): string => `(select a.attname from pg_attribute a where a.attrelid = ${table} and a.attnum = ${num} and a.attnum > 0)`
/** A collation's name where it is not the one that its type has anyway, else NULL. */
export const COLLATION = (collation: string, usual: string): string =>
  `case when ${collation} <> ${usual} then (select case when l.oid = 100 then '"default"' else ${NAMED("ln", "l.collname")} end from pg_collation l join pg_namespace ln on ln.oid = l.collnamespace where l.oid = ${collation}) end`
/** A function's name without its arguments, or NULL for 0; \`regproc\` would name the schema of overloaded ones. */
export const PROC = (oid: string): string => `(select ${NAMED("pn", "p.proname")} from pg_proc p join pg_namespace pn on pn.oid = p.pronamespace where p.oid = ${oid}::oid)`
/** A name as the home schema sees it: what is home or PostgreSQL's own goes without a schema. */
export const NAMED = (n: string, name: string): string => `${PLACE(n)} || quote_ident(${name})`
/** The schema with its dot, or nothing at home: for operators, whose names take no quotes. */
export const PLACE = (n: string): string => `case when ${n}.nspname in ('pg_catalog', $1) then '' else quote_ident(${n}.nspname) || '.' end`
/** The kind of a relation by its `relkind`. */
export const relationKind = (relkind: string): KindName => ({ v: "view", m: "materialized view", f: "foreign table" } as const)[relkind] ?? "table"
