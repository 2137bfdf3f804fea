import type { Catalog, CatalogObject } from "../core/catalog.ts"
import type { EnumData } from "./enum.ts"

export interface LabelsGone {
  /** The enum's key. */
  readonly key: string
  readonly labels: readonly string[]
  /** Keys of columns that could hold one. */
  readonly columns: readonly string[]
}

/** Enum labels that are in `have` and not in `want`: where a row has one, PostgreSQL refuses to take it away. */
export function labelsGone(want: Catalog, have: Catalog): readonly LabelsGone[] {
  const enums = [...have.objects.values()].filter(object => object.kind === "enum" && want.objects.has(object.id)) as CatalogObject<EnumData>[]
  return enums.map(({ id, key, data }) => ({
    key, labels: data.labels.filter(label => !(want.objects.get(id)!.data as EnumData).labels.includes(label)), columns: data.columns.map(column => column.key),
  })).filter(({ labels }) => labels.length > 0)
}
