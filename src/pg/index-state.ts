import { ident } from "../core/ident.ts"
import type { QualifiedName, Subject } from "../core/subject.ts"
import type { Session } from "../core/types.ts"
import { searchPath } from "./session-state.ts"

/** CREATE INDEX CONCURRENTLY waits for old transactions without holding up anybody, so it may wait long; a time-out would leave an INVALID index. */
export const LONG_LOCK_TIMEOUT = "15min"

type CreateIndex = Extract<Subject, { kind: "create index" }>

/** One index as the catalog knows it. */
export interface IndexFound {
  readonly name: string
  readonly state: "valid" | "invalid" | "building"
  /** What makes it up, without its name and its table's. */
  readonly definition: string
}

/** What a session that is building an index right now looks like; a build outlives the client that asked for it. */
const BUILDING = "exists (select from pg_catalog.pg_stat_progress_create_index p where p.index_relid = c.oid and p.pid <> pg_backend_pid())"
const DEFINITION = `i.indisunique::text || ' ' || substr(pg_get_indexdef(c.oid), position(' USING ' in substr(pg_get_indexdef(c.oid),
  length(quote_ident(c.relname) || quote_ident(n.nspname) || quote_ident(t.relname)))) + length(quote_ident(c.relname) || quote_ident(n.nspname) || quote_ident(t.relname)))`
const FROM = `from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_class t on t.oid = i.indrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace`

/** The index of this name, or `null`. */
export async function indexNamed(session: Session, schema: string, name: string): Promise<IndexFound | null> {
  return (await found(session, "n.nspname = $1 and c.relname = $2", [schema, name]))[0] ?? null
}

/** All indexes of a table. */
export async function indexesOn(session: Session, home: string, table: QualifiedName): Promise<readonly IndexFound[]> {
  return found(session, "n.nspname = $1 and t.relname = $2", [table.schema ?? home, table.name])
}

async function found(session: Session, where: string, values: readonly string[]): Promise<readonly IndexFound[]> {
  return session.query<IndexFound>(`
    select c.relname::text as name, case when ${BUILDING} then 'building' when i.indisvalid then 'valid' else 'invalid' end as state, ${DEFINITION} as definition
    ${FROM} where ${where} order by c.relname`, values)
}

/**
 * What PostgreSQL would make of a CREATE INDEX, in the words of `IndexFound.definition`: it makes it, on an empty temporary table with the columns of the
 * real one. Outside of a transaction.
 */
export async function definitionOf(session: Session, home: string, extensionSchema: string | null | undefined, text: string, subject: CreateIndex): Promise<string | null> {
  const { table, tableAt } = subject
  const real = `${ident(table.schema ?? home)}.${ident(table.name)}`
  await session.script(`create temp table ${ident(table.name)} (like ${real})`)
  try {
    await session.script(`set search_path = pg_temp, ${searchPath(home, extensionSchema)}`)
    await session.script(withoutSchema(text, tableAt, table))
    const [row] = await session.query<{ definition: string }>(`select ${DEFINITION} as definition ${FROM} where c.relnamespace = pg_my_temp_schema() and t.relname = $1`, [table.name])
    return row?.definition ?? null
  } finally {
    await session.script(`drop table if exists pg_temp.${ident(table.name)}; set search_path = ${searchPath(home, extensionSchema)}`)
  }
}

/** `s.t` becomes `t`, at the place where the parser saw it. */
function withoutSchema(text: string, tableAt: number, { schema }: QualifiedName): string {
  if (schema === null) return text
  const chars = [...text]
  const behind = chars.slice(tableAt).join("").replace(/^(?:"(?:[^"]|"")+"|[^\s."]+)\s*\.\s*/, "")
  return chars.slice(0, tableAt).join("") + behind
}

/** Drops an index that a broken build left. A valid one is not touched: the catalog is asked once more. */
export async function dropInvalid(session: Session, schema: string, name: string): Promise<void> {
  if ((await indexNamed(session, schema, name))?.state !== "invalid") return
  await session.script(`drop index concurrently if exists ${ident(schema)}.${ident(name)}`)
}
