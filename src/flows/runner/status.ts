import type { Context } from "../../core/context.ts"
import { pendingOf, versionOf } from "../../core/plan.ts"
import type { Finding } from "../../core/tamper.ts"
import { seenThroughSquashes } from "../../core/squash.ts"
import type { Applied, Migration } from "../../core/types.ts"
import { findConflicts, type Conflicts } from "../branches/conflicts.ts"
import { withDatabase } from "../database.ts"
import { findingsIn, ledgerOf } from "./steps.ts"
import { readHistory, refuseElsewhere, setUp } from "../setup.ts"

export interface StatusRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly checkConflicts: boolean
  readonly exitCode: boolean
}

export interface AppliedRow {
  readonly name: string
  readonly appliedAt: Date
  /** How the file stands to the row. */
  readonly file: "same" | "altered" | "missing"
}

export interface PendingRow {
  readonly name: string
  /** `late`: older than the newest applied one; `unfinished`: begun, and not all of it is done. */
  readonly why: "new" | "late" | "unfinished"
}

export interface Status {
  readonly env: string
  /** `null` when only conflicts were looked for: that needs no database. */
  readonly database: string | null
  readonly version: number | null
  readonly applied: readonly AppliedRow[]
  readonly pending: readonly PendingRow[]
  /** `null` when they were not looked for. */
  readonly conflicts: Conflicts | null
  /** What was done to the ledger otherwise than by nself. */
  readonly findings: readonly Finding[]
  /** Whether a pending migration is to end in a non-zero exit code. */
  readonly exitCode: boolean
}

/** What is applied and what is pending. With `checkConflicts` the conflicts are the whole answer, and no database is opened. */
export async function status(ctx: Context, request: StatusRequest): Promise<Status> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const base = { env: setup.environment.name, exitCode: request.exitCode }
  if (request.checkConflicts) return { ...base, database: null, version: null, applied: [], pending: [], findings: [], conflicts: await findConflicts(setup) }
  const { files } = await readHistory(setup)
  return withDatabase(ctx, setup, { url: request.url, command: "db migrate status", runId: ctx.uuid() }, async database => {
    const ledger = seenThroughSquashes(files, await ledgerOf(database))
    return { ...base, database: database.label, version: versionOf(ledger), ...rowsOf(files, ledger), findings: await findingsIn(database, files), conflicts: null }
  })
}

export function rowsOf(files: readonly Migration[], ledger: readonly Applied[]): Pick<Status, "applied" | "pending"> {
  const bySeq = new Map(files.map(file => [file.seq, file]))
  const newest = versionOf(ledger)
  const begun = new Set(ledger.filter(row => row.state !== "applied").map(row => row.seq))
  return {
    applied: ledger.filter(row => row.state === "applied").toSorted((a, b) => a.seq - b.seq).map(row => ({ name: row.name, appliedAt: row.appliedAt, file: fileState(row, bySeq.get(row.seq)) })),
    pending: pendingOf(files, ledger).map(file => ({ name: file.name, why: begun.has(file.seq) ? "unfinished" : file.seq < newest ? "late" : "new" })),
  }
}

function fileState(row: Applied, file: Migration | undefined): AppliedRow["file"] {
  return !file ? "missing" : file.up.sha256 === row.sha256 ? "same" : "altered"
}
