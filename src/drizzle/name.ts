import { ident, MAX_IDENTIFIER_BYTES } from "../core/ident.ts"
import type { CutName } from "./declared.ts"

/** Hands out names that PostgreSQL keeps: long ones are cut by bytes, two that would become one are kept apart. */
export interface Names {
  /** The name as PostgreSQL will keep it, not quoted. The same long name always gives the same short one. */
  readonly keep: (name: string) => string
  /**
   * The same for a name that only has to be the only one in a space of its own: foreign keys and checks in their table.
   * `taken`: short names that are in that space too.
   */
  readonly keepIn: (space: string, name: string, taken?: readonly string[]) => string
  /** `keep`, quoted. */
  readonly quote: (name: string) => string
  /** `"schema"."name"`, or `"name"` where there is no schema. */
  readonly full: (schema: string | null | undefined, name: string) => string
  /** Every name that was cut, and what is kept of it. */
  readonly cut: () => readonly CutName[]
}

/** The first `bytes` bytes of UTF-8, never half a character: what PostgreSQL's `truncate_identifier` does. */
export function cutToBytes(name: string, bytes: number): string {
  let kept = ""
  let size = 0
  for (const char of name) {
    size += Buffer.byteLength(char)
    if (size > bytes) break
    kept += char
  }
  return kept
}

/** A fresh table of names for one declaration. */
export function namesOf(): Names {
  const shortOf = new Map<string, CutName>()
  const owner = new Set<string>()
  const shorten = (name: string, space: string, taken: readonly string[]): CutName => {
    const isFree = (short: string) => !owner.has(`${space}\0${short}`) && !taken.includes(short)
    let kept = cutToBytes(name, MAX_IDENTIFIER_BYTES)
    for (let n = 2; !isFree(kept); n++) {
      const tail = `_${n}`
      kept = cutToBytes(name, MAX_IDENTIFIER_BYTES - tail.length) + tail
    }
    owner.add(`${space}\0${kept}`)
    return { name, kept }
  }
  const keepIn: Names["keepIn"] = (space, name, taken = []) => {
    if (Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES) return name
    const known = shortOf.get(`${space}\0${name}`)
    const cut = known ?? shorten(name, space, taken)
    if (!known) shortOf.set(`${space}\0${name}`, cut)
    return cut.kept
  }
  const keep = (name: string): string => keepIn("", name)
  const quote = (name: string): string => ident(keep(name))
  return {
    keep, keepIn, quote,
    full: (schema, name) => (schema ? `${quote(schema)}.${quote(name)}` : quote(name)),
    cut: () => [...shortOf.values()],
  }
}
