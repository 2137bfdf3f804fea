import { tagged } from "../../core/checksum.ts"
import type { Context } from "../../core/context.ts"
import { checkJournal, type JournalCheck } from "../../core/journal.ts"
import type { Finding } from "../../core/tamper.ts"
import { seenThroughSquashes } from "../../core/squash.ts"
import type { Applied, Migration } from "../../core/types.ts"
import { readMigrations } from "../../files/migrations.ts"
import { withDatabase } from "../database.ts"
import { findingsIn, ledgerOf } from "./steps.ts"
import { readHistory, refuseElsewhere, setUp, type Setup } from "../setup.ts"
import type { Explanation } from "./tamper.ts"

export interface VerifyRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** Against the journal alone: no database, no user code. */
  readonly offline: boolean
}

/** `expected` is what was noted, `got` what the file has now, both `sha256:…`. */
export interface VerifiedRow extends JournalCheck {
  /** Only the line ends differ from what was noted: CRLF and LF are the same text. */
  readonly lineEnds: boolean
  /** What the change of an altered file does; `null` for every other. */
  readonly explained: Explanation | null
}

export interface Verified {
  readonly env: string
  readonly against: "database" | "journal"
  readonly checks: readonly VerifiedRow[]
  /** What was done to the ledger otherwise than by nself; empty against the journal alone. */
  readonly findings: readonly Finding[]
}

/** Every applied migration's file against the checksum in the ledger, or every file against the journal. */
export async function verifyChecksums(ctx: Context, request: VerifyRequest): Promise<Verified> {
  const setup = await setUp(ctx, request.env)
  const env = setup.environment.name
  if (request.offline) {
    const { files, journal } = await readHistory(setup)
    return { env, against: "journal", checks: await withReasons(setup, files, checkJournal(journal, files)), findings: [] }
  }
  refuseElsewhere(setup)
  const files = await readMigrations(setup.root, setup.out)
  return withDatabase(ctx, setup, { url: request.url, command: "db migrate verify-checksums", runId: ctx.uuid() }, async database => {
    const ledger = seenThroughSquashes(files, await ledgerOf(database))
    const checks = ledger.filter(row => row.state === "applied").map(row => checked(row, files))
    return { env, against: "database", checks: await withReasons(setup, files, checks), findings: await findingsIn(database, files) }
  })
}

/** The shadow is started, and git asked, only where something was altered. */
export async function withReasons({ root }: Pick<Setup, "root">, files: readonly Migration[], checks: readonly JournalCheck[]): Promise<readonly VerifiedRow[]> {
  const byName = new Map(files.map(file => [file.name, file]))
  const rows: VerifiedRow[] = []
  for (const check of checks) {
    const file = byName.get(check.name.replace(/\.down$/, ""))
    rows.push({ ...check, lineEnds: check.state === "ok" && file?.up.crlf === true, explained: file && check.state === "mismatch" ? await reason(root, files, check, file) : null })
  }
  return rows
}

async function reason(root: string, files: readonly Migration[], { name, expected }: JournalCheck, file: Migration): Promise<Explanation> {
  const { explain } = await import("./tamper.ts")
  return explain(root, files, { file, noted: expected!.replace(/^sha256:/, ""), direction: name.endsWith(".down") ? "down" : "up" })
}

/** One applied migration against its file. */
export function checked(row: Applied, files: readonly Migration[]): JournalCheck {
  const file = files.find(one => one.seq === row.seq && one.name === row.name) ?? files.find(one => one.seq === row.seq)
  const expected = tagged(row.sha256)
  if (!file) return { name: row.name, state: "missing", expected, got: null }
  const got = tagged(file.up.sha256)
  return { name: row.name, state: got === expected ? "ok" : "mismatch", expected, got }
}
