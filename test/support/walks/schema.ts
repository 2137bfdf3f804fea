import { Chance } from "./random.ts"
import { REST, REST_GROUND } from "./rest.ts"
import { GROUND, MAKERS, type Maker } from "./statements.ts"

/** Two schemas that have much in common, as statements; each is run for itself, and what does not fit is left out. */
export interface Pair {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** The pair of this seed: the second schema keeps, alters or leaves out what the first says. */
export function pairOf(seed: number): Pair {
  const chance = new Chance(seed)
  const density = 0.2 + chance.next() * 0.7
  const rows = [
    ...[...REST_GROUND, ...GROUND].flatMap(make => (chance.yes(0.55 + density / 2) ? [said(chance, make)] : [])),
    ...[...MAKERS, ...REST].flatMap(make => (chance.yes(density) ? Array.from({ length: 1 + chance.below(2) }, () => said(chance, make)) : [])),
  ]
  return { before: ["create schema app", ...rows.flatMap(row => row.before)], after: ["create schema app", ...rows.flatMap(row => row.after)] }
}

function said(chance: Chance, make: Maker): Pair {
  const before = [make(chance)].flat()
  const fate = chance.next()
  const after = fate < 0.5 ? before : fate < 0.85 ? [make(chance)].flat() : []
  return { before: chance.yes(0.12) ? [] : before, after }
}

/** All statements in one message; each in a subtransaction of its own that may fail. */
export function lenient(statements: readonly string[]): string {
  const body = statements.map(statement => `begin execute $said$${statement}$said$; exception when others then null; end;`).join("\n")
  return statements.length === 0 ? "select 1" : `do $walk$ begin\n${body}\nend $walk$`
}
