import { ident, literal } from "../../core/ident.ts"

/** A schema's name in every place of a text where it stands. */
export type Template = (schema: string) => string

/**
 * What `make` writes for any schema, written once: ten thousand tenants get the same text but for a name. `make` may use the name as `ident` and as
 * `literal` quote it, and in no other way.
 */
export function template(make: Template): Template {
  const hole = `nself_${crypto.randomUUID()}`
  const pieces = make(hole).split(new RegExp(`("${hole}"|'${hole}')`))
  const isName = pieces.map(piece => piece === `"${hole}"`)
  return schema => {
    const [name, text] = [ident(schema), literal(schema)]
    return pieces.reduce((whole, piece, i) => whole + (i % 2 === 0 ? piece : isName[i] ? name : text), "")
  }
}
