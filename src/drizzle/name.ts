import { ident, MAX_IDENTIFIER_BYTES } from "../core/ident.ts"
import type { CutName } from "./declared.ts"

/** Hands out names that PostgreSQL keeps: long ones are cut by bytes, two that would become one are kept apart. */
export interface Names {
  /** The name as PostgreSQL will keep it, not quoted. The same long name always gives the same short one. */
  readonly keep: (name: string) => string
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
  const shortOf = new Map<string, string>()
  const owner = new Map<string, string>()
  const shorten = (name: string): string => {
    let short = cutToBytes(name, MAX_IDENTIFIER_BYTES)
    for (let n = 2; owner.has(short); n++) {
      const tail = `_${n}`
      short = cutToBytes(name, MAX_IDENTIFIER_BYTES - tail.length) + tail
    }
    owner.set(short, name)
    shortOf.set(name, short)
    return short
  }
  const keep = (name: string): string =>
    Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES ? name : (shortOf.get(name) ?? shorten(name))
  const quote = (name: string): string => ident(keep(name))
  return {
    keep,
    quote,
    full: (schema, name) => (schema ? `${quote(schema)}.${quote(name)}` : quote(name)),
    cut: () => [...shortOf].map(([name, kept]) => ({ name, kept })),
  }
}
