import { Fault } from "../core/fault.ts"
import { ident } from "../core/ident.ts"
import type { Statement } from "../core/statements.ts"
import type { Subject } from "../core/subject.ts"
import type { Session } from "../core/types.ts"
import { definitionOf, dropInvalid, indexesOn, indexNamed, type IndexFound } from "./index-state.ts"
import type { Step } from "./step.ts"

/** How a statement that PostgreSQL runs on its own stands: to be run as written or otherwise, done already, or being done by another session. */
export type Standing = { readonly kind: "run"; readonly text: string } | { readonly kind: "done" } | { readonly kind: "building"; readonly name: string }

const DONE: Standing = { kind: "done" }

/**
 * Looks before a statement runs that cannot be taken back. Only where an earlier run got as far as this statement (`resumed`) may it count as done.
 * What a broken build left INVALID is dropped here.
 */
export async function standing(session: Session, step: Step, statement: Statement, resumed: boolean): Promise<Standing> {
  const { subject, text } = statement
  const run: Standing = { kind: "run", text }
  switch (subject?.kind) {
    case "create index": return subject.concurrent ? await ofIndex(session, step, statement, subject, resumed) : run
    case "reindex": return await ofReindex(session, step, subject, run, resumed)
    case "drop index": return resumed && !(await indexNamed(session, subject.index.schema ?? step.schema, subject.index.name)) ? DONE : run
    case "detach": return resumed ? await ofDetach(session, step, subject, run) : run
    case "create": return resumed && (await exists(session, subject)) ? DONE : run
    case "drop": return resumed && !(await exists(session, subject)) ? DONE : run
    default: return run
  }
}

async function ofIndex(session: Session, step: Step, { text }: Statement, subject: Extract<Subject, { kind: "create index" }>, resumed: boolean): Promise<Standing> {
  const schema = subject.table.schema ?? step.schema
  if (subject.name === null && !resumed) return { kind: "run", text }
  const wanted = resumed ? await definitionOf(session, step.schema, step.extensionSchema, text, subject) : null
  const all = subject.name === null ? (await indexesOn(session, step.schema, subject.table)).filter(one => one.definition === wanted) : [await indexNamed(session, schema, subject.name)]
  const here = all.filter(one => one !== null)
  const building = here.find(one => one.state === "building")
  if (building) return { kind: "building", name: building.name }
  const valid = here.find(one => one.state === "valid")
  if (valid && resumed) return sameOrRefuse(valid, wanted)
  for (const one of here.filter(each => each.state === "invalid")) await dropInvalid(session, schema, one.name)
  return { kind: "run", text }
}

/** A build outlives the run that had asked for it; an index that somebody else made under this name is another matter. */
function sameOrRefuse({ name, definition }: IndexFound, wanted: string | null): Standing {
  if (definition === wanted) return DONE
  throw new Fault("failed", `index ${name} is there, but it is not the one that this file makes: ${definition.replace(/^\w+ +/, "")}`, `drop or rename it, then: nself db migrate up`)
}

async function ofReindex(session: Session, step: Step, { what, relation }: Extract<Subject, { kind: "reindex" }>, run: Standing, resumed: boolean): Promise<Standing> {
  if (!resumed) return run
  const schema = relation.schema ?? step.schema
  const [row] = what === "table" ? [{ name: relation.name }] : await session.query<{ name: string }>(`
    select t.relname::text as name from pg_catalog.pg_index i join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`, [schema, relation.name])
  const all = row ? await indexesOn(session, step.schema, { schema, name: row.name }) : []
  const building = all.find(one => one.state === "building")
  if (building) return { kind: "building", name: building.name }
  for (const one of all.filter(each => each.state === "invalid" && /_cc(new|old)\d*$/.test(each.name))) await dropInvalid(session, schema, one.name)
  return run
}

/** DETACH … CONCURRENTLY commits twice; stopped between, it wants FINALIZE. */
async function ofDetach(session: Session, step: Step, { table, partition }: Extract<Subject, { kind: "detach" }>, run: Standing): Promise<Standing> {
  const [row] = await session.query<{ pending: boolean }>(`
    select h.inhdetachpending as pending from pg_catalog.pg_inherits h
    join pg_catalog.pg_class p on p.oid = h.inhparent join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    join pg_catalog.pg_class c on c.oid = h.inhrelid join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
    where pn.nspname = $1 and p.relname = $2 and cn.nspname = $3 and c.relname = $4`,
    [table.schema ?? step.schema, table.name, partition.schema ?? step.schema, partition.name])
  if (!row) return DONE
  const name = (one: { schema: string | null; name: string }): string => `${ident(one.schema ?? step.schema)}.${ident(one.name)}`
  return row.pending ? { kind: "run", text: `ALTER TABLE ${name(table)} DETACH PARTITION ${name(partition)} FINALIZE` } : run
}

const CATALOGS = { database: ["pg_database", "datname"], tablespace: ["pg_tablespace", "spcname"], subscription: ["pg_subscription", "subname"] } as const

async function exists(session: Session, { what, name }: Extract<Subject, { kind: "create" | "drop" }>): Promise<boolean> {
  const [catalog, column] = CATALOGS[what]
  return (await session.query(`select from pg_catalog.${catalog} where ${column} = $1`, [name])).length > 0
}

/** The name of an index that this statement has left INVALID; `null` when all is well. Success is never said over one. */
export async function invalidAfter(session: Session, step: Step, { subject }: Statement): Promise<string | null> {
  if (subject?.kind !== "create index" || !subject.concurrent) return null
  const schema = subject.table.schema ?? step.schema
  const all = subject.name === null ? await indexesOn(session, step.schema, subject.table) : [await indexNamed(session, schema, subject.name)]
  return all.find(one => one !== null && one.state !== "valid")?.name ?? null
}
