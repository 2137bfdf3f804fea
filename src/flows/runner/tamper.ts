import type { Catalog, Drift, KindName } from "../../core/catalog.ts"
import { compare, isSame } from "../../core/compare.ts"
import { sameWords } from "../../core/tokens.ts"
import type { Migration } from "../../core/types.ts"
import { oldText, type OldText } from "../../files/git.ts"
import { inspect } from "../../kinds/inspect.ts"
import { openShadow } from "../../shadow/shadow.ts"
import { catalogAfter } from "../history/catalog-after.ts"
import { replay } from "../history/replay.ts"

/** What an altered file does otherwise than the text that was noted. */
export type Explanation =
  /** git does not know a text with the checksum that was noted. */
  | { readonly kind: "unknown" }
  | { readonly kind: "words" | "same objects"; readonly old: Origin }
  | { readonly kind: "objects"; readonly old: Origin; readonly effects: readonly Effect[] }
  | { readonly kind: "broken"; readonly old: Origin; readonly reason: string }

/** One object that comes out differently. `before`: `null` where only the new text makes it; `now`: `null` where only the old one did. */
export interface Effect {
  readonly kind: KindName
  readonly key: string
  readonly before: string | null
  readonly now: string | null
}

/** Where the old text stands in git. */
export type Origin = Omit<OldText, "text">

export interface Altered {
  readonly file: Migration
  /** The checksum that was noted, 64 hex digits. */
  readonly noted: string
  readonly direction: "up" | "down"
}

/**
 * Looks the old text up in git and says what the change means: nothing (comments and white space), or which objects come out differently when
 * the history before it, and then the one or the other text, is replayed in a shadow.
 *
 * @param files  all migrations of the folder, in order
 */
export async function explain(root: string, files: readonly Migration[], { file, noted, direction }: Altered): Promise<Explanation> {
  const now = direction === "up" ? file.up : file.down!
  const found = await oldText(root, now.path, noted)
  if (!found) return { kind: "unknown" }
  const { text, ...old } = found
  if (await sameWords(text, now.text)) return { kind: "words", old }
  const history = files.filter(one => one.seq < file.seq || (direction === "down" && one === file))
  return effect(history, text, now.text, old).catch((error: Error) => ({ kind: "broken", old, reason: error.message.split("\n")[0]! }))
}

async function effect(history: readonly Migration[], before: string, now: string, old: Origin): Promise<Explanation> {
  const shadow = await openShadow()
  try {
    await replay(shadow, history)
    const base = await inspect(shadow.query)
    const [was, is] = [await catalogAfter(shadow, history, before), await catalogAfter(shadow, history, now)]
    if (typeof is === "string") return { kind: "broken", old, reason: is }
    const drift = compare(is, typeof was === "string" ? base : (was as Catalog))
    return isSame(drift) ? { kind: "same objects", old } : { kind: "objects", old, effects: effectsOf(drift) }
  } finally {
    await shadow.close()
  }
}

function effectsOf({ missing, extra, changed }: Drift): readonly Effect[] {
  return [
    ...missing.map(({ kind, key, detail }) => ({ kind, key, before: null, now: detail })),
    ...extra.map(({ kind, key, detail }) => ({ kind, key, before: detail, now: null })),
    ...changed.map(({ want, have }) => ({ kind: want.kind, key: want.key, before: have.detail, now: want.detail })),
  ]
}
