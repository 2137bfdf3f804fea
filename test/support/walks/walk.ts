import type { Catalog } from "../../../src/core/catalog.ts"
import { compare, driftLines } from "../../../src/core/compare.ts"
import type { Query } from "../../../src/core/types.ts"
import type { DdlOptions } from "../../../src/kinds/actions.ts"
import { ddl } from "../../../src/kinds/ddl.ts"
import { inspect } from "../../../src/kinds/inspect.ts"
import { lenient, type Pair } from "./schema.ts"

/** Runs texts of several statements, and asks; one connection to a database with an empty schema `public`. */
export interface Ground {
  readonly query: Query
  script(sql: string): Promise<void>
}

/** How often each kind was there, and how often it had to be made, dropped or changed. */
export type Seen = Map<string, { there: number; made: number; dropped: number; changed: number }>

/**
 * Both ways of one pair; everything happens in transactions that are rolled back. `null` where all holds, else what went wrong.
 *
 * @param seen  counts what the two schemas were made of
 */
export async function walk(ground: Ground, pair: Pair, seen?: Seen): Promise<string | null> {
  const want = await within(ground, async () => {
    await ground.script(lenient(pair.after))
    return inspect(ground.query)
  })
  return within(ground, async () => {
    await ground.script(lenient(pair.before))
    const have = await inspect(ground.query)
    if (seen) count(seen, want, have)
    return (await step(ground, "up", have, want)) ?? (await step(ground, "down", want, have))
  })
}

function count(seen: Seen, want: Catalog, have: Catalog): void {
  const of = (kind: string) => seen.get(kind) ?? seen.set(kind, { there: 0, made: 0, dropped: 0, changed: 0 }).get(kind)!
  const { missing, extra, changed } = compare(want, have)
  for (const { kind } of [...want.objects.values(), ...have.objects.values()]) of(kind).there++
  for (const { kind } of missing) of(kind).made++
  for (const { kind } of extra) of(kind).dropped++
  for (const change of changed) of(change.want.kind).changed++
}

async function step(ground: Ground, way: string, from: Catalog, to: Catalog, options: DdlOptions = {}): Promise<string | null> {
  const statements = ddl(to, from, options)
  const text = statements.map(one => `${one};`).join("\n")
  await ground.script("savepoint step")
  for (const statement of statements) {
    try {
      await ground.script(statement)
    } catch (error) {
      // a value that ADD VALUE has just made cannot be used yet: generate then asks for a swap, and so does the walk
      if ((error as { code?: string }).code === "55P04" && !options.swapEnums) {
        await ground.script("rollback to step")
        return step(ground, way, from, to, { swapEnums: true })
      }
      return `${way}: ${(error as Error).message}\n  at ${statement}\n  of\n${text}`
    }
  }
  const left = driftLines(compare(to, await inspect(ground.query)))
  return left.length === 0 ? null : `${way}: ${left.join("\n")}\n  after\n${text}`
}

async function within<T>(ground: Ground, work: () => Promise<T>): Promise<T> {
  await ground.script("begin")
  try {
    return await work()
  } finally {
    await ground.script("rollback")
  }
}

/** The same failure (by its first words) with as few statements as possible. */
export async function shrink(ground: Ground, pair: Pair, said: string): Promise<Pair> {
  let best = pair
  const sort = sortOf(said)
  const fails = async (candidate: Pair) => {
    const result = await walk(ground, candidate).catch(() => null)
    return result !== null && sortOf(result) === sort
  }
  for (let size = Math.ceil(Math.max(pair.before.length, pair.after.length) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (const side of ["both", "before", "after"] as const) {
      for (let at = 0; at < Math.max(best.before.length, best.after.length);) {
        const candidate = without(best, side, at, size)
        if (candidate.before.length + candidate.after.length < best.before.length + best.after.length && (await fails(candidate))) best = candidate
        else at += size
      }
    }
  }
  return best
}

/** Statements go from both lists by their text, or from one list by their place. */
function without(pair: Pair, side: "both" | "before" | "after", at: number, size: number): Pair {
  if (side === "before") return { ...pair, before: pair.before.toSpliced(at, size) }
  if (side === "after") return { ...pair, after: pair.after.toSpliced(at, size) }
  const gone = new Set(pair.before.slice(at, at + size))
  return { before: pair.before.filter(one => !gone.has(one)), after: pair.after.filter(one => !gone.has(one)) }
}

const sortOf = (said: string): string => said.split("\n")[0]!.replace(/"[^"]*"|\d+/g, "").split(" ").slice(1, 5).join(" ")
