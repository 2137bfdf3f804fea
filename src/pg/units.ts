import type { Statement } from "../core/statements.ts"

/** Statements of a file that commit together, with the number of statements that are done then. Indexes into the file's statements. */
export interface Unit {
  readonly from: number
  /** Behind the last one. */
  readonly to: number
  readonly transaction: boolean
}

/** The units of a file that runs statement by statement, from a statement on: each its own, but what the file puts between BEGIN and COMMIT is one. */
export function unitsOf(statements: readonly Statement[], from: number): readonly Unit[] {
  const units: Unit[] = []
  for (let i = from; i < statements.length;) {
    const end = statements[i]!.control === "begin" ? statements.findIndex((one, n) => n > i && one.control === "commit") + 1 : i + 1
    units.push({ from: i, to: end, transaction: end > i + 1 || statements[i]!.transactional })
    i = end
  }
  return units
}
