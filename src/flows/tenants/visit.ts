import { Fault } from "../../core/fault.ts"
import { digestOf, type LedgerState } from "../../core/ledger-digest.ts"
import { versionOf } from "../../core/plan.ts"
import type { Tenant } from "../../core/tenant.ts"
import type { Applied, Migration, Session } from "../../core/types.ts"
import { letGo } from "../../pg/tenants/at-hand.ts"
import { applyTenant, noSchema, type TenantOutcome } from "../../pg/tenants/apply-tenant.ts"
import { ledgerState } from "../../pg/tenants/fleet.ts"
import type { Prepared, TenantWork } from "../../pg/tenants/message.ts"
import { readLedger } from "../../pg/ledger.ts"
import { ledgerIn, NOTHING } from "./ledger-in.ts"
import type { Place } from "./places.ts"
import { firstGroup, type Group, type Prepare } from "./prepare.ts"

/** A tenant on its way through a run. */
export interface Item {
  readonly tenant: Tenant
  readonly place: Place
  /** As last read; `null`: to be read. */
  state: LedgerState | null
  /** Which of the sessions read its ledger, from 0: that session's server process knows the ledger's table already, which is a twentieth of the work. */
  reader: number
  /** Why it must not be touched; `null`: it may. */
  refusal: Fault | null
  /** Why its ledger could not be read; `null`: it was, or it was not tried. */
  trouble: string | null
  /** The version before this run; `null` until it is known. */
  from: number | null
  to: number | null
  /** Where it is to come, from the first look at its ledger on: "the last one" of `down` must not mean another one at the second look. */
  goal: number | null
  /** Milliseconds spent in its transactions. */
  spent: number
  changed: boolean
  /** A connection was lost on it: what ran may have been committed. */
  doubt: boolean
  losses: number
  tries: number
  /** When the first try that met a lock was; `null`: none yet. Milliseconds. */
  waitingSince: number | null
}

/** What is to be done where a ledger has these rows. */
export interface Planner {
  /** The version that a tenant with these rows is to come to; `null`: the newest file's. Asked once per tenant. */
  readonly goal: (rows: readonly Applied[]) => number | null
  /** The files to run. Throws the faults of `planUp` and `planDown`. */
  readonly steps: (rows: readonly Applied[], goal: number | null) => readonly Migration[]
}

/** Everything that is the same for all tenants of a run. */
export interface Visiting {
  readonly direction: "up" | "down"
  readonly runId: string
  readonly version: string
  readonly fastCommit: boolean
  readonly audit: TenantWork["audit"]
  readonly limits?: TenantWork["limits"]
  /** What comes first in the transaction of a tenant whose schema is not there yet: it makes the schema. */
  readonly prelude?: readonly string[]
  readonly extensionSchema: string | null
  readonly signal: AbortSignal
  /** Rows by digest: most tenants have one of a few ledgers. Filled as it goes. */
  readonly book: Map<string, readonly Applied[]>
  readonly prepare: Prepare
  readonly planner: Planner
  /** Somebody else has been at this tenant, and so, probably, at the ones that come next. */
  readonly changed?: (session: Session, item: Item) => Promise<void>
  /** Runs one file that PostgreSQL cannot run in one transaction; one at a time in a database. */
  readonly alone: (session: Session, item: Item, file: Prepared, expect: (rows: readonly Applied[]) => "apply" | "already") => Promise<"applied" | "already" | "busy">
}

/** `busy`: another runner is at it. Errors go to the caller, who knows which of them another try can mend. */
export type Visited = "applied" | "already" | "busy"

/** How often a ledger may be another one than the moment before, in one visit: each time somebody else has done a part of the work. */
const CHANGES = 20

/** Brings one tenant to where it should be: each transaction is planned from the ledger as read, and holds only if that is still true under the lock. */
export async function visit(run: Visiting, session: Session, item: Item): Promise<Visited> {
  for (let changes = 0; changes < CHANGES;) {
    const rows = await rowsOf(run, session, item)
    const { version } = factsOf(rows)
    item.from ??= version
    item.to = version
    item.goal ??= run.planner.goal(rows)
    const steps = run.planner.steps(rows, item.goal)
    const group = steps.length === 0 ? null : await groupOf(run, steps)
    if (item.state?.kind === "missing" && group?.how !== "together") await makeSchema(run, session, item)
    if (group === null) return item.changed || (await wasMine(run, session, item)) ? "applied" : "already"
    const done = await runGroup(run, session, item, rows, group).finally(() => (group.leaves ? asNew(session) : undefined))
    if (done === "busy") return "busy"
    if (done === "changed") {
      if (changes === 0) await run.changed?.(session, item)
      changes += 1
      continue
    }
    item.changed ||= done === "applied"
  }
  return "busy"
}

/** Whatever became of the files: other tenants come after this one, and their failures are written down over this session. A lost one shows at the next question. */
async function asNew(session: Session): Promise<void> {
  letGo(session)
  await session.script("discard all").catch(() => {})
}

/** What is worked out once per distinct ledger. */
export interface Facts {
  readonly version: number
  readonly begun: ReadonlySet<number>
}
const facts = new WeakMap<readonly Applied[], Facts>()
export const factsOf = (rows: readonly Applied[]): Facts => facts.getOrInsertComputed(rows, () => ({ version: versionOf(rows), begun: new Set(rows.map(row => row.seq)) }))

/** The planner gives one value per distinct ledger, so what follows from it is worked out once per distinct ledger, too. */
const groups = new WeakMap<readonly Migration[], Group>()

export async function groupOf(run: Visiting, steps: readonly Migration[]): Promise<Group> {
  const known = groups.get(steps)
  if (known) return known
  const group = firstGroup(await Promise.all(steps.map(run.prepare)))
  groups.set(steps, group)
  return group
}

async function rowsOf(run: Visiting, session: Session, item: Item): Promise<readonly Applied[]> {
  const { schema } = item.tenant
  item.state ??= await ledgerState(session, schema)
  const { state } = item
  if (state.kind === "missing" && run.prelude) return NOTHING
  if (state.kind === "missing") throw noSchema(schema)
  if (state.kind === "denied") throw new Fault("failed", `this role may not read the ledger in schema ${schema}`, "as its owner: GRANT USAGE ON SCHEMA … and SELECT, INSERT, UPDATE, DELETE ON np_migrations TO the role")
  const known = ledgerIn(item, run.book)
  if (known) return known
  const rows = (await readLedger(session, schema)) ?? []
  run.book.set(digestOf(rows), rows)
  item.state = { kind: "digest", digest: digestOf(rows) }
  return rows
}

/** On its own, where no migration's transaction can do it. */
async function makeSchema(run: Visiting, session: Session, item: Item): Promise<void> {
  await session.script(run.prelude!.join(";\n")) // one message is one transaction
  item.state = { kind: "none" }
  item.changed = true
}

/** Afterwards the state of the ledger is known only where nobody else can have been at it. */
async function runGroup(run: Visiting, session: Session, item: Item, rows: readonly Applied[], group: Group): Promise<"applied" | "already" | "busy" | "changed"> {
  const started = performance.now()
  const alone = (): ReturnType<Visiting["alone"]> => {
    const file = group.files[0]!
    return run.alone(session, item, file, now => (run.planner.steps(now, item.goal).some(step => step.seq === file.migration.seq) ? "apply" : "already"))
  }
  const prelude = item.state?.kind === "missing" ? run.prelude : undefined
  const work = workAt(run, session, item, rows, group)
  item.state = null
  try {
    if (group.how === "alone") return await alone()
    const outcome = await together(session, { ...work, ...(prelude && { prelude }) }, run.extensionSchema, () => run.signal.aborted)
    if (outcome.kind === "unsafe") {
      if (prelude) await makeSchema(run, session, item)
      return await alone()
    }
    if (outcome.kind === "applied") item.state = after(run, rows, group)
    return outcome.kind
  } finally {
    item.spent += performance.now() - started
  }
}

/** What is to be done at a tenant whose ledger is as the item says. */
export function workAt({ direction, runId, version, fastCommit, audit, limits }: Visiting, { versionNum }: Session, { tenant, state }: Item, rows: readonly Applied[], { files }: Group): TenantWork {
  const ledger = state?.kind === "digest" ? state.digest : null
  return { direction, schema: tenant.schema, versionNum, files, ledger, begun: factsOf(rows).begun, runId, version, fastCommit, audit, ...(limits && { limits }) }
}

/** `unsafe`: PostgreSQL finds what the parser did not see, a new enum value in use or a partitioned table under a REINDEX, and rolled all back. */
async function together(...args: Parameters<typeof applyTenant>): Promise<TenantOutcome | { readonly kind: "unsafe" }> {
  return applyTenant(...args).catch((error: unknown) => {
    if (error instanceof Fault && ["55P04", "25001"].includes(String((error.cause as { code?: unknown } | undefined)?.code))) return { kind: "unsafe" } as const
    throw error
  })
}

/** The ledger as it is once this group has committed, without asking for it. */
export function after(run: Visiting, rows: readonly Applied[], group: Group): LedgerState {
  const known = afters.get(group)
  if (known?.rows === rows) return known.state
  const state = afterwards(run, rows, group)
  afters.set(group, { rows, state })
  return state
}

const afters = new WeakMap<Group, { readonly rows: readonly Applied[]; readonly state: LedgerState }>()

function afterwards(run: Visiting, rows: readonly Applied[], group: Group): LedgerState {
  const seqs = new Set(group.files.map(file => file.migration.seq))
  const kept = rows.filter(row => !seqs.has(row.seq))
  const added: readonly Applied[] = run.direction === "down" ? [] : group.files.map(({ migration }) => ({
    seq: migration.seq, name: migration.name, sha256: migration.up.sha256, state: "applied", statementNo: null, runId: run.runId, appliedAt: new Date(0), durationMs: null,
  }))
  const now = [...kept, ...added]
  const digest = digestOf(now)
  if (!run.book.has(digest)) run.book.set(digest, now)
  return { kind: "digest", digest }
}

/** After a lost answer only the ledger knows who applied it. */
async function wasMine(run: Visiting, session: Session, item: Item): Promise<boolean> {
  if (!item.doubt) return false
  if (run.direction === "down") return true
  return ((await readLedger(session, item.tenant.schema)) ?? []).some(row => row.runId === run.runId && row.state === "applied")
}
