import type { CatalogObject, Change, Drift } from "../../core/catalog.ts"
import { differing } from "../../core/differing.ts"
import { typeText, type ColumnData } from "../../kinds/column.ts"

/** A definition is shown behind a constraint's name up to this length. */
const SHORT = 60

/** `Column: np_documents.fts_vector (tsvector)`, `Index: idx_np_documents_fts`. */
export function objectText(object: CatalogObject): string {
  const kind = `${object.kind[0]!.toUpperCase()}${object.kind.slice(1)}`
  return `${kind}: ${object.key}${inBrackets(object)}`
}

function inBrackets({ kind, data, detail }: CatalogObject): string {
  if (kind === "column") return ` (${typeText(data as ColumnData)})`
  return kind === "constraint" && detail.length <= SHORT ? ` (${detail})` : ""
}

/** The three lists of a difference, each under its own head; a list without anything in it is left out. */
export function driftText({ missing, extra, changed }: Drift, heads: { readonly missing: string; readonly extra: string; readonly changed: string; readonly want: string; readonly have: string }): string[] {
  return [
    ...list(heads.missing, missing.map(objectText)),
    ...list(heads.extra, extra.map(objectText)),
    ...list(heads.changed, changed.flatMap(change => changeText(change, heads))),
  ]
}

function list(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [head, ...lines.map(line => `  ${line}`), ""]
}

/** Both definitions, of each only the part that differs. */
function changeText({ want, have }: Change, heads: { readonly want: string; readonly have: string }): string[] {
  const [wanted, had] = differing(want.detail, have.detail)
  const width = Math.max(heads.want.length, heads.have.length) + 2
  const side = (head: string, text: string): string[] => text.split("\n").map((line, i) => `  ${(i === 0 ? `${head}:` : "").padEnd(width)}${line}`)
  return [objectText(want), ...side(heads.want, wanted), ...side(heads.have, had)]
}
