import { pendingOf, versionOf } from "../plan.ts"
import { pad } from "../name.ts"
import type { Finding } from "../tamper.ts"
import type { Applied, Migration } from "../types.ts"
import { counted, fail, pass, warn, type Check } from "./check.ts"

export interface LedgerFacts {
  readonly files: readonly Migration[]
  /** `null`: the database has no ledger. */
  readonly ledger: readonly Applied[] | null
  /** What was done to the ledger behind nself's back. */
  readonly findings: readonly Finding[]
  /** Tables in the home schema, nself's own left out. */
  readonly tables: number
}

/** Whether the rows in the database and the files in the folder tell one story. */
export function ledgerCheck({ files, ledger, tables, findings }: LedgerFacts): Check {
  if (findings.length > 0) {
    const [first, ...others] = findings
    return fail("ledger", first!.message, { details: others.map(one => one.message), next: first!.hint })
  }
  if (ledger === null) {
    if (tables > 0 && files.length > 0) return warn("ledger", `there are ${counted(tables, "table")} and no ledger: nself has not migrated this database yet`, { next: "nself db migrate adopt" })
    return pass("ledger", "none yet: nothing was applied")
  }
  const half = ledger.filter(row => row.state !== "applied")
  if (half.length > 0) {
    return fail("ledger", `${half[0]!.name} is only half applied`, { details: half.map(row => `${row.name}: ${row.state}${row.statementNo === null ? "" : `, ${counted(row.statementNo, "statement")} done`}`), next: "nself db migrate up" })
  }
  const known = new Map(files.map(file => [file.seq, file]))
  const renamed = ledger.find(row => known.has(row.seq) && known.get(row.seq)!.name !== row.name)
  if (renamed) return fail("ledger", `the database has ${renamed.name} as ${pad(renamed.seq)}, this folder has ${known.get(renamed.seq)!.name}`, { next: "nself db migrate status" })
  return pass("ledger", `${counted(ledger.length, "migration")} applied, the database is at version ${pad(versionOf(ledger))}`)
}

export function checksumsCheck({ files, ledger }: Pick<LedgerFacts, "files" | "ledger">): Check {
  const rows = (ledger ?? []).filter(row => row.state === "applied")
  const bySeq = new Map(files.map(file => [file.seq, file]))
  const altered = rows.filter(row => bySeq.has(row.seq) && bySeq.get(row.seq)!.up.sha256 !== row.sha256)
  if (altered.length > 0) return fail("checksums", `${counted(altered.length, "applied migration")} ${altered.length === 1 ? "was" : "were"} altered`, { details: altered.map(row => `${row.name}: CHECKSUM MISMATCH`), next: "nself db migrate verify-checksums" })
  return pass("checksums", rows.length === 0 ? "nothing is applied yet" : `${counted(rows.length, "applied migration")}, all as applied`)
}

export function pendingCheck({ files, ledger }: Pick<LedgerFacts, "files" | "ledger">): Check {
  const pending = pendingOf(files, ledger ?? [])
  if (pending.length === 0) return pass("pending", "the database is up to date")
  const newest = versionOf(ledger ?? [])
  const late = pending.filter(file => file.seq < newest)
  if (late.length > 0) return fail("pending", `${late[0]!.name} is older than the last applied migration and not applied`, { details: late.map(file => file.name), next: "nself db migrate status" })
  return warn("pending", `the database is behind by ${counted(pending.length, "migration")}`, { details: pending.map(file => file.name), next: "nself db migrate up" })
}

/** What the mark says, already compared. `null`: there is no mark. */
export function markCheck(mark: { readonly environment: string } | null, fault: { readonly message: string; readonly hint?: string } | null): Check {
  if (fault) return fail("mark", fault.message.replace(/; nothing was changed$/, ""), { next: fault.hint ?? null })
  return mark ? pass("mark", `the database is marked ${mark.environment}`) : pass("mark", "no mark yet: the first up writes it")
}
