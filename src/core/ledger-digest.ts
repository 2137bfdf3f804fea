import { createHash } from "node:crypto"
import type { Applied, Migration } from "./types.ts"

/** What two ledgers have in common that need the same migrations: their rows but for times and runs. */
export type LedgerRow = Pick<Applied, "seq" | "name" | "sha256" | "state" | "statementNo">

/** How a tenant's ledger looks: 64 hex digits over its rows, or why there are none. */
export type LedgerState = { readonly kind: "digest"; readonly digest: string } | { readonly kind: "none" } | { readonly kind: "missing" } | { readonly kind: "denied" }

/**
 * SHA-256 over the rows by number: `version:name:checksum:state:statement_no`, joined by commas. Byte for byte what `DIGEST` of
 * `pg/tenants/fleet.ts` gives, so that a tenant's whole ledger is compared by one value.
 */
export function digestOf(rows: readonly LedgerRow[]): string {
  const text = rows.toSorted((a, b) => a.seq - b.seq).map(row => `${row.seq}:${row.name}:${row.sha256}:${row.state}:${row.statementNo ?? ""}`).join(",")
  return createHash("sha256").update(text, "utf8").digest("hex")
}

/** The rows of a ledger in which these migrations are applied and nothing else is. */
export function appliedRows(files: readonly Migration[]): readonly Applied[] {
  return files.map(file => ({ seq: file.seq, name: file.name, sha256: file.up.sha256, state: "applied", statementNo: null, runId: "", appliedAt: new Date(0), durationMs: null }))
}

/** What most tenants have: the first none, one, two … of the files applied. By digest. */
export function knownLedgers(files: readonly Migration[]): ReadonlyMap<string, readonly Applied[]> {
  const rows = appliedRows(files.toSorted((a, b) => a.seq - b.seq))
  return new Map(Array.from({ length: rows.length + 1 }, (_, n) => [digestOf(rows.slice(0, n)), rows.slice(0, n)]))
}
