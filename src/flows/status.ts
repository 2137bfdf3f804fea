import type { Context } from "../core/context.ts"
import { nextSeq } from "../core/name.ts"
import { conflictsOf, pendingOf, versionOf } from "../core/plan.ts"
import type { Applied, Migration } from "../core/types.ts"
import { authorOf } from "../files/git.ts"
import { readMigrations } from "../files/migrations.ts"
import { withDatabase } from "./database.ts"
import { ledgerOf } from "./steps.ts"
import { readHistory, setUp, type Setup } from "./setup.ts"

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

/** Files that carry one number. */
export interface Conflict {
  readonly seq: number
  readonly files: readonly { readonly name: string; readonly author: string; readonly sha256: string }[]
}

export interface Status {
  readonly env: string
  /** `null` when conflicts were found before a database was opened. */
  readonly database: string | null
  readonly version: number | null
  readonly applied: readonly AppliedRow[]
  readonly pending: readonly PendingRow[]
  readonly conflicts: readonly Conflict[]
  /** The first free number. */
  readonly nextNumber: number
  /** Whether a pending migration is to end in a non-zero exit code. */
  readonly exitCode: boolean
}

/** What is applied and what is pending. With `checkConflicts`, two files of one number are the answer, and no database is needed to find them. */
export async function status(ctx: Context, request: StatusRequest): Promise<Status> {
  const setup = await setUp(ctx, request.env)
  const base = { env: setup.environment.name, exitCode: request.exitCode }
  if (request.checkConflicts) {
    const files = await readMigrations(setup.root, setup.out)
    const conflicts = await conflictsIn(setup, files)
    const none = { database: null, version: null, applied: [], pending: [] }
    if (conflicts.length > 0) return { ...base, ...none, conflicts, nextNumber: nextSeq(files.map(file => file.seq)) }
  }
  const { files } = await readHistory(setup)
  return withDatabase(ctx, setup, { url: request.url, command: "db migrate status", runId: ctx.uuid() }, async database => {
    const ledger = await ledgerOf(database)
    return { ...base, database: database.label, version: versionOf(ledger), ...rowsOf(files, ledger), conflicts: [], nextNumber: nextSeq(files.map(file => file.seq)) }
  })
}

function rowsOf(files: readonly Migration[], ledger: readonly Applied[]): Pick<Status, "applied" | "pending"> {
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

async function conflictsIn({ root }: Setup, files: readonly Migration[]): Promise<readonly Conflict[]> {
  return Promise.all(conflictsOf(files).map(async group => ({
    seq: group[0]!.seq,
    files: await Promise.all(group.map(async ({ name, up }) => ({ name, author: await authorOf(root, up.path), sha256: up.sha256 }))),
  })))
}
