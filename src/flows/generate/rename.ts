import type { Catalog } from "../../core/catalog.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import type { GenerateOptions } from "../../core/generated.ts"
import type { Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { candidates, chosen, evidentRenames, type Candidate } from "../../kinds/renames.ts"

export interface Renamed {
  readonly statements: readonly string[]
  /** The way back, in the order to run. */
  readonly undo: readonly string[]
  /** The history as it reads after the renames. */
  readonly catalog: Catalog
}

type Decide = (all: readonly Candidate[]) => Promise<readonly Candidate[]>

/** Decides and tries the renames in the shadow, inside a transaction that is rolled back: PostgreSQL says what follows from each. */
export async function renameIn(shadow: Session, want: Catalog, have: Catalog, decide: Decide): Promise<Renamed> {
  if (have.objects.size === 0) return { statements: [], undo: [], catalog: have }
  const done: { statement: string; undo: string }[] = []
  let catalog = have
  await shadow.script("begin")
  try {
    for (;;) {
      const next = [...await decide(candidates(want, catalog))].slice(0, 1)
      const step = next.length > 0 ? next : evidentRenames(want, catalog)
      if (step.length === 0) return { statements: done.map(one => one.statement), undo: done.map(one => one.undo).toReversed(), catalog }
      for (const one of step) await shadow.script(one.statement)
      done.push(...step)
      catalog = await inspect(shadow.query)
    }
  } finally {
    await shadow.script("rollback")
  }
}

/** Renames by flag, by a question on a terminal, or by a fault that lists what has to be decided. */
export function deciderOf(ctx: Pick<Context, "ask">, options: Pick<GenerateOptions, "renames" | "noRenames">): { readonly decide: Decide; readonly unused: () => readonly string[] } {
  const open = [...options.renames]
  const refused = new Set<string>()
  const decide: Decide = async all => {
    const flag = open.find(typed => all.some(c => typed === `${c.from}=${c.to}` || typed === `${c.from}=${c.to.split(".").at(-1)}`))
    if (flag !== undefined) {
      open.splice(open.indexOf(flag), 1)
      return [chosen(flag, all)]
    }
    const undecided = options.noRenames ? [] : all.filter(c => !refused.has(`${c.from}=${c.to}`))
    if (undecided.length === 0) return []
    if (ctx.ask === null) throw undecidedFault(undecided)
    return ask(ctx.ask, undecided, refused)
  }
  return { decide, unused: () => open }
}

/** @param from  where the old name was looked for */
export const nothingToRename = (typed: string, from: "history" | "database"): Fault =>
  new Fault("usage", `nothing to rename by --rename ${typed}`, `leave it out, or name an object of the ${from} and one of the schema: --rename np_users.mail=np_users.email`)

async function ask(put: NonNullable<Context["ask"]>, undecided: readonly Candidate[], refused: Set<string>): Promise<readonly Candidate[]> {
  const to = undecided[0]!.to
  const rivals = undecided.filter(c => c.to === to)
  const answer = await put(`Is ${to} new, or renamed?`, [{ value: "new", label: `${to} is new` }, ...rivals.map(c => ({ value: c.from, label: `renamed from ${c.from}` }))])
  const found = rivals.find(c => c.from === answer)
  if (!found) rivals.forEach(c => refused.add(`${c.from}=${c.to}`))
  return found ? [found] : []
}

const undecidedFault = (undecided: readonly Candidate[]): Fault => new Fault(
  "usage",
  `a rename, or a drop and an add? nself does not guess:\n${undecided.map(c => `  ${c.from} went, ${c.to} came: --rename ${c.from}=${c.to}`).join("\n")}`,
  "add the --rename flags that are true, or --no-renames to drop and add (values are lost)",
)
