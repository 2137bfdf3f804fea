import type { Context } from "../../core/context.ts"
import { driftLines, isSame } from "../../core/compare.ts"
import { Fault } from "../../core/fault.ts"
import { journalText } from "../../core/journal.ts"
import { tagged } from "../../core/checksum.ts"
import { matchRows, type Correction, type Matched } from "../../core/repair.ts"
import { seenThroughSquashes } from "../../core/squash.ts"
import type { Database, Migration } from "../../core/types.ts"
import { applyChanges } from "../../files/changes.ts"
import { userName } from "../../files/git.ts"
import { journalPath, readJournal } from "../../files/journal.ts"
import { actorOf } from "../runner/audit.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { refuseWrongMark } from "../runner/environment-mark.ts"
import { readLive } from "../drift/live.ts"
import { readHistory, refuseUnsaidProd, setUp, type Setup } from "../setup.ts"
import { shadowsOf } from "../history/shadows.ts"
import { sameState, type Sameness } from "../history/same-state.ts"

export interface RepairRequest {
  readonly env: string | null
  readonly url: string | null
  readonly shadowUrl: string | null
  /** Files whose new text is meant: `0002_x.sql`, with or without folder and ending. */
  readonly accept: readonly string[]
  readonly dryRun: boolean
}

export interface Repaired {
  readonly env: string
  readonly database: string
  readonly dryRun: boolean
  readonly corrections: readonly { readonly why: Correction["why"]; readonly from: { readonly name: string; readonly checksum: string } | null; readonly name: string; readonly checksum: string }[]
  /** How it was shown that this is true. */
  readonly shown: Sameness["shown"]
  readonly engine: string
  readonly by: string
  readonly at: Date
  /** Files that are not applied although newer ones are: `up --out-of-order` applies them. */
  readonly late: readonly string[]
}

/**
 * Records what is true: rows of migrations that got another number, rows that are gone, texts that were changed on purpose. Only after the
 * live catalog was shown to be what the files make. Writes the ledger and nothing else in the database.
 *
 * Throws `tampered` where a text was changed and nobody accepts it, `drift` where the database is not what the files make.
 */
export async function repair(ctx: Context, request: RepairRequest): Promise<Repaired> {
  const setup = await setUp(ctx, request.env)
  if (!request.dryRun) refuseUnsaidProd(setup, "db migrate repair")
  const history = await readHistory(setup)
  const actor = await actorOf(ctx, setup, ctx.uuid())
  const by = (await userName(setup.root)) ?? actor.osUser ?? "unknown"
  return withDatabase(ctx, setup, { url: request.url, command: "db migrate repair", runId: actor.runId }, async database => {
    const live = await readLive(database)
    await withSession(database, session => refuseWrongMark(session, { setup, history, ledger: live.ledger, command: "db migrate repair" }))
    const matched = await matchedRows(database, history.files, live.ledger)
    refuseUnclear(matched, request.accept)
    const applied = matched.corrections.map(one => one.file)
    const changed = matched.corrections.filter(one => one.why !== "same")
    const base = { env: setup.environment.name, database: database.label, dryRun: request.dryRun, by, at: ctx.now(), late: lateOf(history.files, applied) }
    if (changed.length === 0) return { ...base, corrections: [], shown: "replay", engine: "" }
    const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
    const same = await sameState({ ctx, setup, shadows, files: history.files, applied, live: live.catalog }).finally(() => shadows.close())
    if (!isSame(same.drift)) throw notSame(database.label, same)
    if (!request.dryRun) {
      const { rewriteLedger } = await import("../../pg/repair.ts")
      const detail = `${by}: ${changed.map(one => one.why).filter((why, i, all) => all.indexOf(why) === i).join(", ")}`
      await withSession(database, session => rewriteLedger(session, { schema: HOME, actor, expected: live.ledger, corrections: matched.corrections, action: "repair", detail }))
      await acceptInJournal(setup, changed.filter(one => one.why === "altered").map(one => one.file))
    }
    return { ...base, corrections: changed.map(shown), shown: same.shown, engine: same.engine }
  })
}

async function matchedRows(database: Database, files: readonly Migration[], ledger: Parameters<typeof matchRows>[1]): Promise<Matched> {
  const { notedRows } = await import("../../pg/audit.ts")
  const squashed = new Set(files.flatMap(file => (file.squashes ?? []).map(one => one.name)))
  const noted = await withSession(database, session => notedRows(session, HOME, HOME))
  return matchRows(files, seenThroughSquashes(files, ledger), noted.filter(one => !squashed.has(one.name)))
}

const shown = ({ why, from, file }: Correction): Repaired["corrections"][number] => ({
  why, from: from && { name: from.name, checksum: tagged(from.sha256) }, name: file.name, checksum: tagged(file.up.sha256),
})

function refuseUnclear({ corrections, lost, half }: Matched, accept: readonly string[]): void {
  if (half.length > 0) throw new Fault("refused", `${half.join(", ")} is only half applied; nothing was recorded`, "nself db migrate up")
  if (lost.length > 0) throw new Fault("refused", `the database has migrations applied that are not in this folder: ${lost.join(", ")}`, "update this checkout (git pull), or restore the missing files from git")
  const named = new Set(accept.map(typed => typed.replace(/^.*[/\\]/, "").replace(/\.sql$/, "")))
  const altered = corrections.filter(one => one.why === "altered").map(one => one.file.name)
  const unknown = [...named].find(name => !altered.includes(name))
  if (unknown !== undefined) throw new Fault("usage", `${unknown}.sql is not an applied migration whose text was changed`, altered.length > 0 ? `changed were: ${altered.join(", ")}` : "nself db migrate verify-checksums")
  const open = altered.filter(name => !named.has(name))
  if (open.length === 0) return
  throw new Fault("tampered", `${open.map(name => `${name}.sql`).join(", ")} was altered after it was applied`,
    `see what that changed: nself db migrate verify-checksums; restore the file, or, if it is meant: nself db migrate repair ${open.map(name => `--accept ${name}.sql`).join(" ")}`)
}

function notSame(label: string, { drift, why }: Sameness): Fault {
  const lines = driftLines(drift).slice(0, 20)
  return new Fault("drift", `nothing was recorded: ${label} is not what the applied files make${why}:\n${lines.map(line => `  ${line}`).join("\n")}`,
    "nself db migrate diff; a migration that was applied in another form is taken back by hand first (its old files are in git)")
}

function lateOf(files: readonly Migration[], applied: readonly Migration[]): readonly string[] {
  const newest = Math.max(0, ...applied.map(file => file.seq))
  return files.filter(file => file.seq < newest && !applied.includes(file)).map(file => file.name)
}

/** What was accepted for the database is accepted in the journal, too. */
async function acceptInJournal({ root, out }: Setup, files: readonly Migration[]): Promise<void> {
  if (files.length === 0) return
  const journal = await readJournal(root, out)
  const entries = journal.entries.map(entry => {
    const file = files.find(one => one.name === entry.tag)
    return file ? { ...entry, checksum: tagged(file.up.sha256) } : entry
  })
  const text = journalText({ ...journal, entries })
  if (text !== journalText(journal)) await applyChanges(root, out, [{ path: journalPath(out), text }])
}
