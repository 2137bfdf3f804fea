import type { Catalog, ObjectId } from "../core/catalog.ts"
import type { ColumnData } from "./column.ts"
import type { SequenceData } from "./sequence.ts"

/** The column that owns a sequence. */
export const ownerOf = (catalog: Catalog, sequence: string): ObjectId | null => {
  const owner = catalog.objects.get(`sequence owner:${sequence}`)
  return owner ? `column:${owner.detail}` : null
}

const SERIAL_TYPES: readonly string[] = ["smallint", "integer", "bigint"]

/** The column that owns this sequence just as `serial` would have it: its name, its type, its NOT NULL, nothing else. */
export function serialOf(catalog: Catalog, sequence: string): ObjectId | null {
  const id = ownerOf(catalog, sequence)
  const column = id && (catalog.objects.get(id)?.data as ColumnData | undefined)
  const { data, detail } = (catalog.objects.get(`sequence:${sequence}`) ?? {}) as { data?: SequenceData; detail?: string }
  if (!id || !column || !data || !column.notNull || !SERIAL_TYPES.includes(column.type) || data.type !== column.type) return null
  const plain = detail === (column.type === "bigint" ? "" : `AS ${column.type}`)
  return plain && data.schema === column.table.schema && data.name === `${column.table.name}_${column.name}_seq` ? id : null
}
