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
  return createHash("sha256").update(rows.toSorted((a, b) => a.seq - b.seq).map(lineOf).join(","), "utf8").digest("hex")
}

const lineOf = ({ seq, name, sha256, state, statementNo }: LedgerRow): string => `${seq}:${name}:${sha256}:${state}:${statementNo ?? ""}`

/** The rows of a ledger in which these migrations are applied and nothing else is. */
export function appliedRows(files: readonly Migration[]): readonly Applied[] {
  return files.map(file => ({ seq: file.seq, name: file.name, sha256: file.up.sha256, state: "applied", statementNo: null, runId: "", appliedAt: new Date(0), durationMs: null }))
}

/** What most tenants have: the first none, one, two … of the files applied. By digest; each goes on from the one before, or a thousand files would be half a million lines. */
export function knownLedgers(files: readonly Migration[]): ReadonlyMap<string, readonly Applied[]> {
  const rows = appliedRows(files.toSorted((a, b) => a.seq - b.seq))
  const all = createHash("sha256")
  const known = new Map<string, readonly Applied[]>([[digestOf([]), []]])
  for (const [n, row] of rows.entries()) {
    all.update(`${n === 0 ? "" : ","}${lineOf(row)}`, "utf8")
    known.set(all.copy().digest("hex"), rows.slice(0, n + 1))
  }
  return known
}
