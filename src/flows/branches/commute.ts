import type { Catalog } from "../../core/catalog.ts"
import { compare, driftLines, isSame } from "../../core/compare.ts"
import { lineAt } from "../../core/source.ts"
import { splitStatements, type Statement } from "../../core/statements.ts"
import type { Migration, PgError, Session, SqlFile } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { openShadow } from "../../shadow/shadow.ts"
import { replay } from "../history/replay.ts"

/** A statement with its place, as a person finds it. */
export interface Place {
  /** `migrations/0004_a.sql:7` */
  readonly where: string
  readonly statement: string
}

/** Why two migrations must not be swapped. */
export interface Clash {
  readonly first: Place
  readonly second: Place
  /** What PostgreSQL said, or which objects come out differently. */
  readonly why: string
}

/** Files of two branches that may be run in either order, after the same history. */
export interface Pair {
  readonly base: readonly Migration[]
  readonly a: readonly Migration[]
  readonly b: readonly Migration[]
}

/** What one order gives: a catalog, or the statement that failed. */
type End = { readonly catalog: Catalog } | { readonly file: "a" | "b"; readonly index: number; readonly code: string; readonly reason: string }

interface Script {
  readonly file: "a" | "b"
  readonly statements: readonly (Statement & { readonly up: SqlFile })[]
}

/**
 * Runs A then B and B then A after the same history, and says where the two orders differ: one fails, or the catalogs are not alike.
 *
 * @returns `null` where the two commute
 * Throws a `failed` fault where the history itself does not run.
 */
export async function clashOf({ base, a, b }: Pair): Promise<Clash | null> {
  const [scriptA, scriptB] = [await scriptOf("a", a), await scriptOf("b", b)]
  const shadow = await openShadow()
  try {
    await replay(shadow, base)
    const run = (first: Script, second: Script): Promise<End> => inTurn(shadow, base, first, second)
    return await search({ a: scriptA, b: scriptB, run })
  } finally {
    await shadow.close()
  }
}

interface Search {
  readonly a: Script
  readonly b: Script
  readonly run: (first: Script, second: Script) => Promise<End>
}

async function scriptOf(file: "a" | "b", migrations: readonly Migration[]): Promise<Script> {
  const split = await Promise.all(migrations.map(async ({ up }) => (await splitStatements(up.text)).map(statement => ({ ...statement, up }))))
  return { file, statements: split.flat() }
}

async function search({ a, b, run }: Search): Promise<Clash | null> {
  const why = whyOf(await run(a, b), await run(b, a))
  if (why === null) return null
  const cutA = await shortest(a, async part => whyOf(await run(part, b), await run(b, part)) !== null)
  const cutB = await shortest(b, async part => whyOf(await run(cutA, part), await run(part, cutA)) !== null)
  const precise = whyOf(await run(cutA, cutB), await run(cutB, cutA))
  return { first: placeOf(cutA), second: placeOf(cutB), why: precise ?? why }
}

/** The shortest beginning of a script that still shows what is looked for. */
async function shortest(script: Script, shows: (part: Script) => Promise<boolean>): Promise<Script> {
  for (let n = 1; n < script.statements.length; n++) {
    const part = { ...script, statements: script.statements.slice(0, n) }
    if (await shows(part)) return part
  }
  return script
}

/** `null` where both orders run and give the same. */
function whyOf(ab: End, ba: End): string | null {
  if (!("catalog" in ba)) return ba.reason
  if (!("catalog" in ab)) return ab.reason
  const drift = compare(ab.catalog, ba.catalog)
  return isSame(drift) ? null : driftLines(drift).join("\n")
}

/** SQLSTATEs that only a transaction around the statements causes: a new enum value used at once, a statement that wants to be alone. */
const ONLY_IN_TRANSACTION = ["55P04", "25001"]

/** In a transaction that is rolled back; where that itself is in the way, in a shadow of its own. */
async function inTurn(shadow: Session, base: readonly Migration[], first: Script, second: Script): Promise<End> {
  await shadow.script("begin")
  const end = await runBoth(shadow, first, second).finally(() => shadow.script("rollback"))
  if ("catalog" in end || !ONLY_IN_TRANSACTION.includes(end.code)) return end
  const fresh = await openShadow()
  try {
    await replay(fresh, base)
    return await runBoth(fresh, first, second)
  } finally {
    await fresh.close()
  }
}

async function runBoth(shadow: Session, first: Script, second: Script): Promise<End> {
  for (const { file, statements } of [first, second]) {
    for (const [index, statement] of statements.entries()) {
      if (statement.trouble === "transaction") continue
      const said = await shadow.script(statement.text).then(() => null, (error: Error & PgError) => error)
      if (said) return { file, index, code: said.code ?? "", reason: said.message }
    }
  }
  return { catalog: await inspect(shadow.query) }
}

function placeOf({ statements }: Script): Place {
  const { start, text, up } = statements.at(-1)!
  return { where: `${up.path}:${lineAt(up.text, start + 1)?.line ?? 1}`, statement: text.trim() }
}
