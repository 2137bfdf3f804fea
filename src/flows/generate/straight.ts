import { EMPTY, type Catalog } from "../../core/catalog.ts"
import { compare, isSame } from "../../core/compare.ts"
import { sharedBeginning } from "../../core/same-statements.ts"
import type { Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { joined } from "../../kinds/together.ts"
import { triggerStatements, type DeclareInput } from "./declare.ts"
import type { ProofInput } from "./prove.ts"

/** A schema that was made out of nothing, one statement after the other, in a transaction that is still open. */
export interface Straight {
  readonly catalog: Catalog
  /** All that was run, in order. */
  readonly statements: readonly string[]
  /** Before which of them a savepoint stands, in order. */
  readonly savepoints: readonly number[]
}

/** As many savepoints as are worth their while, whatever the schema's size. */
const SAVEPOINTS = 8

/**
 * The catalog of a schema that has no history, with the shadow still holding it: most of a first migration says word for word what was run here.
 * Where more than that is needed (an order of its own, roles, extensions, SQL files) it is `null`, and nothing is left of the attempt.
 *
 * @param shadow  empty
 */
export async function declareStraight(shadow: Session, { declared, sqlFiles, updatedAtTriggers }: Pick<DeclareInput, "declared" | "sqlFiles" | "updatedAtTriggers">): Promise<Straight | null> {
  if (sqlFiles.length > 0) return null
  const statements = [...declared.statements, ...(updatedAtTriggers ? triggerStatements(declared, EMPTY) : [])]
  const step = Math.ceil(statements.length / SAVEPOINTS)
  const savepoints = statements.flatMap((_, at) => (at % step === 0 ? [at] : []))
  await shadow.script("begin")
  try {
    await shadow.script(joined(statements.flatMap((statement, at) => (at % step === 0 ? [`savepoint ${nameOf(at)}`, statement] : [statement]))))
    return { catalog: await inspect(shadow.query), statements, savepoints }
  } catch {
    await shadow.script("rollback")
    return null
  }
}

const nameOf = (savepoint: number): string => `before_${savepoint}`

/** The same of nothing, for whoever could not have more: all of a first migration is run then. */
export async function nothingYet(shadow: Session): Promise<Straight> {
  await shadow.script("begin")
  return { catalog: EMPTY, statements: [], savepoints: [] }
}

/**
 * The proof of a first migration, from where the shadow stands: what up begins with was run already, the same to PostgreSQL statement for statement, so
 * only the rest of it is run, behind the last savepoint of what both share; then down. No row is there, and nothing that only a commit could bring. The
 * commit between the two would make PostgreSQL forget what it knows of a large schema; behind them there is nothing left to commit.
 *
 * @returns the catalog after up; `null` where anything is not as it should, and nothing is left of the transaction: the longer way finds out what
 */
export async function proveOn(shadow: Session, { catalog, statements, savepoints }: Straight, { up, down, want, have }: Pick<ProofInput, "up" | "down" | "want" | "have">): Promise<Catalog | null> {
  const shared = await sharedBeginning(statements, up, () => keywordsOf(shadow))
  const all = shared === up.length && shared === statements.length
  const from = savepoints.findLast(at => at <= shared)
  const back = from === undefined ? [] : [`rollback to savepoint ${nameOf(from)}`]
  try {
    const after = all ? catalog : await made(shadow, [...back, ...up.slice(from ?? 0)])
    if (isSame(compare(want, after)) && isSame(compare(have, await made(shadow, down)))) return after
    await shadow.script("rollback")
    return null
  } catch {
    await shadow.script("rollback")
    return null
  }
}

async function keywordsOf(shadow: Session): Promise<ReadonlySet<string>> {
  return new Set((await shadow.query<{ word: string }>("select word from pg_get_keywords()")).map(({ word }) => word))
}

async function made(shadow: Session, statements: readonly string[]): Promise<Catalog> {
  await shadow.script(joined(statements))
  return inspect(shadow.query)
}
