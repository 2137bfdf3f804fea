import type { Catalog } from "../../core/catalog.ts"
import { compare } from "../../core/compare.ts"
import { MAX_IDENTIFIER_BYTES } from "../../core/ident.ts"
import type { Declared } from "../../drizzle/declared.ts"

/** What a person should hear of before the migration is read: names that are cut now (not those cut long ago), extensions that it makes. */
export function notesOf(declared: Declared, want: Catalog, have: Catalog): readonly string[] {
  const known = new Set([...have.objects.values()].map(object => (object.data as { readonly name?: string }).name))
  const cut = declared.cut.filter(({ kept }) => !known.has(kept)).map(({ name, kept }) => `${name} is ${Buffer.byteLength(name)} bytes long, PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}: written as ${kept}`)
  const extensions = compare(want, have).missing.filter(object => object.kind === "extension").map(object => `this migration makes extension ${object.key}; whoever applies it needs the right to`)
  return [...cut, ...extensions]
}
