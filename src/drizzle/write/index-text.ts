import { ident } from "../../core/ident.ts"
import type { IndexData, IndexPart } from "../../kinds/index-kind.ts"
import type { Imports } from "./column-text.ts"
import { camel, options, property, quoted } from "./names.ts"

/** `uniqueIndex("users_mail").using("gin", t.mail.op("gin_trgm_ops")).where(sql…)` */
export function indexCall(index: IndexData, memberOf: (column: string) => string, use: Imports): string {
  const { method, parts, predicate, options: storage } = index.shape
  const on = parts.map(part => partText(part, memberOf, use)).join(", ")
  return [
    `${use.builder(index.unique ? "uniqueIndex" : "index")}(${quoted(index.name)})`,
    method === "btree" ? `.on(${on})` : `.using(${quoted(method)}, ${on})`,
    predicate === null ? "" : `.where(${use.sql(predicate)})`,
    storage.length === 0 ? "" : `.with(${storageConfig(storage)})`,
  ].join("")
}

function partText(part: IndexPart, memberOf: (column: string) => string, use: Imports): string {
  if (part.column === null || part.collation !== null) return use.sql(sqlOf(part))
  // Drizzle's own .desc() means NULLS LAST, PostgreSQL's DESC means NULLS FIRST, so both are said
  const order = part.descending ? `.desc().nulls${part.nullsFirst ? "First" : "Last"}()` : part.nullsFirst ? ".asc().nullsFirst()" : ""
  return `${memberOf(part.column)}${order}${part.opclass === null ? "" : `.op(${quoted(part.opclass)})`}`
}

/** Drizzle knows order and operator class of a plain column only. */
function sqlOf({ column, expression, collation, opclass, descending, nullsFirst }: IndexPart): string {
  return [
    column === null ? expression : ident(column), collation === null ? "" : `COLLATE ${collation}`, opclass ?? "",
    descending ? `DESC${nullsFirst ? "" : " NULLS LAST"}` : nullsFirst ? "NULLS FIRST" : "",
  ].filter(word => word !== "").join(" ")
}

/** `["fillfactor=70"]` → `{ fillfactor: 70 }`; for indexes and views. */
export function storageConfig(storage: readonly string[]): string {
  return options(Object.fromEntries(storage.map(option => {
    const [name, value] = [option.slice(0, option.indexOf("=")), option.slice(option.indexOf("=") + 1)]
    return [property(camel(name)), /^(true|false|\d{1,15})$/.test(value) ? value : quoted(value)]
  })))
}
