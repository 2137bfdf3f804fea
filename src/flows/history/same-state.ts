import type { Catalog, Drift } from "../../core/catalog.ts"
import { compare, isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { EMPTY } from "../../core/part.ts"
import type { Migration } from "../../core/types.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { driftOf } from "../drift/diff.ts"
import { historyOf } from "./histories.ts"
import { replay } from "./replay.ts"
import type { Setup } from "../setup.ts"
import type { Shadows } from "./shadows.ts"

export interface StateInput {
  readonly ctx: Pick<Context, "version">
  readonly setup: Pick<Setup, "root" | "config">
  readonly shadows: Shadows
  /** All of the folder. */
  readonly files: readonly Migration[]
  /** Those that the database is said to have. */
  readonly applied: readonly Migration[]
  readonly live: Catalog
}

/** Whether a database is what is said of it. */
export interface Sameness {
  /** Nothing where it is. */
  readonly drift: Drift
  /**
   * `replay`: the applied files make the live catalog; `ahead`: they do not in their order, but with the pending ones on top of it the live
   * catalog becomes what all files make.
   */
  readonly shown: "replay" | "ahead"
  readonly engine: string
  /** Goes on a sentence, where the applied files could not even be replayed. */
  readonly why: string
}

/** Compares a live catalog with the replay of the files it is said to have; a difference counts only when it survives being rendered again. */
export async function sameState(input: StateInput): Promise<Sameness> {
  const { ctx, setup, shadows, files, applied, live } = input
  const place = { root: setup.root, version: ctx.version, shadows }
  const told = await historyOf(place, applied).catch((error: Error) => error)
  if (!(told instanceof Error)) {
    const { drift } = await driftOf(setup, shadows, told.catalog, live)
    if (isSame(drift)) return { drift, shown: "replay", engine: told.engine, why: "" }
  }
  const ahead = await goneOn(input).catch(() => null)
  if (ahead && isSame(ahead.drift)) return ahead
  if (told instanceof Error) {
    const all = await historyOf(place, files)
    return { drift: (await driftOf(setup, shadows, all.catalog, live)).drift, shown: "replay", engine: all.engine, why: ` (without the pending ones they do not even run: ${told.message.split("\n")[0]}), compared with all files` }
  }
  return { drift: (await driftOf(setup, shadows, told.catalog, live)).drift, shown: "replay", engine: told.engine, why: "" }
}

/** The live catalog made in a shadow, the pending files on top, against all files in their order. */
async function goneOn({ shadows, files, applied, live }: StateInput): Promise<Sameness> {
  const shadow = await shadows.open()
  try {
    for (const statement of ddl(live, EMPTY)) await shadow.script(statement)
    await replay(shadow, files.filter(file => !applied.includes(file)))
    const reached = await inspect(shadow.query)
    const whole = await shadows.open()
    try {
      await replay(whole, files)
      return { drift: compare(await inspect(whole.query), reached), shown: "ahead", engine: shadow.engine, why: "" }
    } finally {
      await whole.close()
    }
  } finally {
    await shadow.close()
  }
}
