import { Fault } from "../../core/fault.ts"
import type { Applied, Migration } from "../../core/types.ts"
import type { FanOut } from "./fan-out.ts"
import { ledgerIn } from "./ledger-in.ts"
import type { Item, Planner } from "./visit.ts"

/** The planner is asked once per distinct ledger, which is by identity: rows come out of the book. */
export function remembered(planner: Planner): Planner {
  const known = new Map<readonly Applied[], Map<number | null, readonly Migration[] | Fault>>()
  const steps: Planner["steps"] = (rows, goal) => {
    const byGoal = known.get(rows) ?? new Map<number | null, readonly Migration[] | Fault>()
    known.set(rows, byGoal)
    const said = byGoal.get(goal) ?? attempted(() => planner.steps(rows, goal))
    byGoal.set(goal, said)
    if (said instanceof Fault) throw said
    return said
  }
  return { goal: planner.goal, steps }
}

/** The value, or the fault that `work` throws. */
function attempted<T>(work: () => T): T | Fault {
  try {
    return work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

/** What is to run at one tenant. */
export interface Planned {
  readonly item: Item
  readonly steps: readonly Migration[]
}

export interface Pending {
  /** The migrations that some tenant still needs, in the order they run. */
  readonly files: readonly Migration[]
  /** The tenants that need some. */
  readonly planned: readonly Planned[]
  /** The first reason not to begin, with its tenant. */
  readonly unfit: Fault | null
}

/** What is to be done, as far as the ledgers were read; tenants not read yet may need all. */
export function pendingOf({ files, direction }: Pick<FanOut, "files" | "direction">, items: readonly Item[], book: ReadonlyMap<string, readonly Applied[]>, planner: Planner): Pending {
  const planned: Planned[] = []
  let unfit: Fault | null = null
  for (const item of items) {
    const { state, tenant, refusal } = item
    if (state?.kind === "missing" || state?.kind === "denied") continue
    if (refusal) {
      unfit ??= refusal
      continue
    }
    const rows = ledgerIn(item, book)
    const steps = rows ? attempted(() => planner.steps(rows, planner.goal(rows))) : files
    if (steps instanceof Fault) {
      unfit ??= new Fault(steps.exit, `tenant ${tenant.slug}: ${steps.message}; no tenant was changed`, `${steps.hint ?? "nself db migrate status --all-tenants"}; --continue leaves such tenants out`, steps.cause)
    } else if (steps.length > 0) planned.push({ item, steps })
  }
  const seqs = new Set([...new Set(planned.map(one => one.steps))].flatMap(steps => steps.map(step => step.seq)))
  const pending = files.filter(file => seqs.has(file.seq))
  return { files: direction === "up" ? pending : pending.toReversed(), planned, unfit }
}
