import { ident } from "../ident.ts"
import { counted, fail, pass, warn, type Check } from "./check.ts"

export interface InvalidIndex {
  readonly schema: string
  readonly name: string
  readonly table: string
  /** A session builds it right now. */
  readonly building: boolean
}

/** What REINDEX CONCURRENTLY leaves behind when it breaks: nobody uses it, so it may go. Source: PostgreSQL docs, REINDEX, "Rebuilding Indexes Concurrently". */
export const isLeftover = ({ name }: InvalidIndex): boolean => /_cc(new|old)\d*$/.test(name)

const full = ({ schema, name }: { readonly schema: string; readonly name: string }): string => `${ident(schema)}.${ident(name)}`

export function indexesCheck(invalid: readonly InvalidIndex[]): Check {
  const broken = invalid.filter(index => !index.building)
  const details = invalid.map(index => `${full(index)} on ${ident(index.table)}${index.building ? ", being built" : ""}`)
  if (broken.length === 0) return pass("indexes", invalid.length === 0 ? "all are valid" : `${counted(invalid.length, "index is", "indexes are")} being built`, { details })
  const first = broken[0]!
  return fail("indexes", `${counted(broken.length, "index is", "indexes are")} INVALID: PostgreSQL keeps ${broken.length === 1 ? "it" : "them"} up to date and never uses ${broken.length === 1 ? "it" : "them"}`, {
    details, next: isLeftover(first) ? `DROP INDEX CONCURRENTLY ${full(first)}` : `REINDEX INDEX CONCURRENTLY ${full(first)}`,
    fix: "rebuilds them CONCURRENTLY, and drops what a broken REINDEX left",
  })
}

export interface NotValid {
  readonly schema: string
  readonly table: string
  readonly name: string
}

export function constraintsCheck(notValid: readonly NotValid[]): Check {
  if (notValid.length === 0) return pass("constraints", "all are validated")
  const first = notValid[0]!
  return warn("constraints", `${counted(notValid.length, "constraint is", "constraints are")} NOT VALID: old rows were never checked`, {
    details: notValid.map(one => `${one.name} on ${full({ schema: one.schema, name: one.table })}`),
    next: `ALTER TABLE ${full({ schema: first.schema, name: first.table })} VALIDATE CONSTRAINT ${ident(first.name)}`,
  })
}

export interface ActivityFacts {
  /** Transactions of other sessions in this database, oldest first, one line each. */
  readonly transactions: readonly { readonly ageMs: number; readonly pid: number; readonly text: string }[]
  /** Transactions prepared for a two-phase commit. */
  readonly prepared: readonly { readonly gid: string; readonly ageMs: number }[]
  /** Who holds nself's migration lock, one line. */
  readonly migrating: string | null
}

/** Milliseconds after which a transaction is long: DDL would queue behind it, and everybody else behind the DDL. */
const LONG = 60_000

export function activityCheck({ transactions, prepared, migrating }: ActivityFacts): Check {
  const long = transactions.filter(one => one.ageMs >= LONG)
  const orphans = prepared.filter(one => one.ageMs >= LONG)
  const details = [...long.map(one => one.text), ...orphans.map(one => `prepared transaction ${one.gid}, ${Math.round(one.ageMs / 1000)} s`)]
  if (migrating) return warn("activity", "another runner is migrating right now", { details: [migrating, ...details], next: "nself db migrate status" })
  if (orphans.length > 0) return warn("activity", `${counted(orphans.length, "prepared transaction holds", "prepared transactions hold")} locks until somebody ends ${orphans.length === 1 ? "it" : "them"}`, { details, next: `ROLLBACK PREPARED '${orphans[0]!.gid.replaceAll("'", "''")}', if nobody will commit it` })
  if (long.length > 0) return warn("activity", `${counted(long.length, "transaction is", "transactions are")} open for more than a minute; a migration of their tables would wait`, { details, next: `let it end, or: SELECT pg_terminate_backend(${long[0]!.pid})` })
  return pass("activity", transactions.length === 0 ? "no other transaction is open" : `${counted(transactions.length, "short transaction")} open`)
}
