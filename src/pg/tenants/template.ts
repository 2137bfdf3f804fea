import { ident, literal } from "../../core/ident.ts"

/** A schema's name in every place of a text where it stands. */
export type Template = (schema: string) => string

/**
 * What `make` writes for any schema, written once: ten thousand tenants get the same text but for a name. `make` may use the name as `ident` and as
 * `literal` quote it, and in no other way.
 */
export function template(make: Template): Template {
  const pieces = piecesOf(make)
  return schema => {
    const [name, text] = [ident(schema), literal(schema)]
    return pieces.reduce((whole, { said, hole }) => whole + (hole === null ? said : hole === "name" ? name : text), "")
  }
}

/** The same for PostgreSQL's `format()`, whose first argument is the schema's name. */
export function formatOf(make: Template): string {
  return piecesOf(make).map(({ said, hole }) => (hole === null ? said.replaceAll("%", "%%") : hole === "name" ? "%1$I" : "%1$L")).join("")
}

interface Piece {
  readonly said: string
  /** What stands here in place of a schema: its name as an identifier, or as a text; `null`: what is said. */
  readonly hole: "name" | "text" | null
}

function piecesOf(make: Template): readonly Piece[] {
  const hole = `nself_${crypto.randomUUID()}`
  return make(hole).split(new RegExp(`("${hole}"|'${hole}')`)).map((said, i) => ({ said, hole: i % 2 === 0 ? null : said.startsWith('"') ? "name" : "text" }))
}
