import type { Catalog, CatalogObject, ObjectId } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import type { ColumnData } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import { qualified } from "./kind.ts"

/** Rounds enough for the longest chain of references that is met in practice; each one either changes a row or ends. */
const MOST_ROUNDS = 50

/**
 * Takes away what refers to rows that are not there: a parent's row may not have fitted, and a migration that makes or validates a foreign key
 * must not stumble over rows that no real database could hold. References become NULL where they may, else the row goes.
 *
 * @param session  the shadow, with triggers and foreign keys off
 * @param odd      keys of the tables whose rows are not just the first value of each type: between all others parents and children have the same values
 */
export async function removeOrphans(session: Session, catalog: Catalog, odd: ReadonlySet<string>): Promise<void> {
  const all = [...catalog.objects.values()].filter(object => object.kind === "constraint") as CatalogObject<ConstraintData>[]
  const foreign = all.filter(({ data }) => data.type === "f")
  const doubtful = foreign.some(({ parent, data }) => odd.has(keyOf(parent!)) || odd.has(data.target!.key) || !sameTypes(catalog, parent!, data))
  const keys = doubtful ? foreign.map(object => object.data) : []
  for (let round = 0; round < MOST_ROUNDS && keys.length > 0; round++) {
    const found = await session.query<{ i: number }>(keys.map((key, i) => `select ${i} as i where exists (select from ${qualified(key.table)} c where ${orphaned(key)})`).join(" union all "))
    if (found.length === 0) return
    for (const { i } of found) await remove(session, keys[i]!)
  }
}

const keyOf = (id: ObjectId): string => id.slice(id.indexOf(":") + 1)

function sameTypes(catalog: Catalog, table: ObjectId, { columns, target }: ConstraintData): boolean {
  const typeOf = (key: string, column: string) => (catalog.objects.get(`column:${key}.${column}`)?.data as ColumnData | undefined)?.type
  return columns.every((column, i) => typeOf(keyOf(table), column) === typeOf(target!.key, target!.columns[i]!))
}

/** Rows of the child, `c`, whose every column is set and whose parent is not there. */
function orphaned({ columns, target }: ConstraintData): string {
  const same = columns.map((name, i) => `p.${ident(target!.columns[i]!)} = c.${ident(name)}`)
  return `${columns.map(name => `c.${ident(name)} is not null`).join(" and ")} and not exists (select from ${qualified(target!)} p where ${same.join(" and ")})`
}

async function remove(session: Session, key: ConstraintData): Promise<void> {
  const table = qualified(key.table)
  try {
    await session.script(`update ${table} c set ${key.columns.map(name => `${ident(name)} = null`).join(", ")} where ${orphaned(key)}`)
  } catch {
    await session.script(`delete from ${table} c where ${orphaned(key)}`)
  }
}
