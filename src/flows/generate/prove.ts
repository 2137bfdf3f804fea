import type { Catalog } from "../../core/catalog.ts"
import { compare, driftLines, isSame } from "../../core/compare.ts"
import type { PgError, Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { labelsGone } from "../../kinds/labels-gone.ts"
import { plantRows } from "../../kinds/rows.ts"
import { joined } from "../../kinds/together.ts"
import { nothingYet, proveOn, type Straight } from "./straight.ts"

/** What a proof says: `null` where all holds, else which way failed and why. */
export interface Failure {
  readonly direction: "up" | "down"
  /** SQLSTATE, where PostgreSQL refused a statement. */
  readonly code: string | null
  readonly reason: string
}

export type Proof = { /** Tables that got no rows, each with why. */ readonly bare: readonly string[] } & (
  | { readonly failure: Failure }
  | { readonly failure: null; /** The catalog as it was read after up. */ readonly after: Catalog }
)

export interface ProofInput {
  readonly up: readonly string[]
  readonly down: readonly string[]
  readonly want: Catalog
  readonly have: Catalog
  /** `false`: the tables stay empty. */
  readonly rows: boolean
  /** Tables that stay empty although the others get rows. */
  readonly empty: readonly string[]
  /** What the shadow holds already of a first migration. */
  readonly straight?: Straight | null
}

/**
 * History + up reads back as declared, then + down reads back as history; with rows in the tables.
 *
 * @param shadow  holds the history; it is used up by the proof
 */
export async function prove(shadow: Session, { up, down, want, have, rows, empty, straight }: ProofInput): Promise<Proof> {
  const first = have.objects.size === 0 ? await proveOn(shadow, straight ?? (await nothingYet(shadow)), { up, down, want, have }) : null
  if (first) return { failure: null, bare: [], after: first }
  const bare = rows ? (await plantRows(shadow, have, empty, new Map(labelsGone(want, have).map(({ key, labels }) => [key, labels])))).map(({ table, reason }) => `${table} (${reason})`) : []
  const there = await walk(shadow, "up", up, want)
  const back = "reason" in there ? there : await walk(shadow, "down", down, have)
  return "reason" in back ? { failure: back, bare } : { failure: null, bare, after: (there as Made).catalog }
}

async function walk(shadow: Session, direction: "up" | "down", statements: readonly string[], goal: Catalog): Promise<Failure | Made> {
  const end = await runAll(shadow, direction, statements)
  if ("reason" in end) return end
  const drift = compare(goal, end.catalog)
  return isSame(drift) ? end : { direction, code: null, reason: `it does not read back the same:\n${driftLines(drift).join("\n")}` }
}

/** In one message; only where that fails one by one, to know which statement it was. */
async function runAll(shadow: Session, direction: "up" | "down", statements: readonly string[]): Promise<Failure | Made> {
  const whole = await attempt(shadow, direction, statements.length > 0 ? [joined(statements)] : [])
  return "reason" in whole ? attempt(shadow, direction, statements) : whole
}

interface Made {
  readonly catalog: Catalog
}

/** Read before the commit: that makes PostgreSQL forget the plans of the reading where much has changed. */
async function attempt(shadow: Session, direction: "up" | "down", texts: readonly string[]): Promise<Failure | Made> {
  let text = ""
  try {
    await shadow.script("begin")
    for (text of texts) await shadow.script(text)
    const catalog = await inspect(shadow.query)
    await shadow.script(text = "commit")
    return { catalog }
  } catch (error) {
    await shadow.script("rollback")
    const said = error as Error & PgError
    return { direction, code: said.code ?? null, reason: `${said.message}${said.detail ? `\n${said.detail}` : ""}\n\n${text}` }
  }
}
