import { casesOf } from "./check.ts"
import { hintsOf } from "./hints.ts"
import type { Key, Parent } from "./parents.ts"
import { keyOf } from "./random.ts"
import type { RowMakerInput } from "./row-input.ts"
import type { Member, UniquePlan } from "./unique.ts"
import { makerOf } from "./values.ts"

/** Puts a value into a row that is being made. */
export type SetValue = (name: string, value: string | null) => void

/** The combinations of a unique key. */
export interface Product {
  readonly plan: Extract<UniquePlan, { kind: "product" }>
  readonly size: number
  readonly columns: readonly string[]
  readonly at: (index: number) => Key
}

/** A unique key's combinations; none where one of its foreign keys has no parents to choose from. */
export function productOf(plan: Product["plan"], parents: readonly Parent[]): Product {
  const lists = plan.members.map(member => listOf(member, parents))
  const size = lists.reduce((all, list) => all * list.keys.length, 1)
  return {
    plan, size, columns: lists.flatMap(list => list.columns),
    at: index => {
      let rest = index
      return lists.flatMap(({ keys }) => {
        const key = keys[rest % keys.length]!
        rest = Math.floor(rest / keys.length)
        return key
      })
    },
  }
}

function listOf(member: Member, parents: readonly Parent[]): { readonly columns: readonly string[]; readonly keys: readonly Key[] } {
  if (member.kind === "values") return { columns: [member.column], keys: member.values.map(value => [value]) }
  const source = parents.find(parent => parent.foreignKey.name === member.foreignKey.name)?.source
  return { columns: member.foreignKey.columns, keys: source?.kind === "pool" ? source.keys : [] }
}

/** Gives a row values that a partial index speaks of (`one`), or does not (`none`), as far as its predicate is understood. */
export interface Settler {
  readonly one: (row: number, set: SetValue) => void
  readonly none: (row: number, set: SetValue) => void
}

/** The settler of a partial unique key. */
export async function settler(input: RowMakerInput, predicate: string): Promise<Settler> {
  return { one: await setter(input, predicate), none: await setter(input, `NOT (${predicate})`) }
}

async function setter({ table, seed, pools }: RowMakerInput, expression: string): Promise<(row: number, set: SetValue) => void> {
  const hints = (await casesOf({ expression })).map(hintsOf).find(one => one && one.size > 0)
  const makers = await Promise.all([...(hints ?? [])].map(async ([column, wanted]) => {
    const found = table.columns.find(one => one.name === column)
    const task = { key: keyOf(`${seed} ${column}`), rowKey: 0, words: ["at"], tableWords: [], hints: wanted, unique: null, pools }
    return { column, make: wanted.null === true || !found ? () => null : ((await makerOf(found.type, task)) ?? (() => null)) }
  }))
  return (row, set) => makers.forEach(({ column, make }) => set(column, make(row)))
}
