import type { Catalog, CatalogObject } from "../../core/catalog.ts"
import { ident } from "../../core/ident.ts"
import { writers } from "../../kinds/all.ts"
import type { ColumnData } from "../../kinds/column.ts"
import type { ConstraintData } from "../../kinds/constraint.ts"
import type { IndexData } from "../../kinds/index-kind.ts"
import { qualified } from "../../kinds/kind.ts"
import { tableOptions, type TableData } from "../../kinds/table.ts"

/**
 * What no Drizzle schema can say of the things it declares: storage options, UNLOGGED, collations, DEFERRABLE, MATCH FULL, NOT VALID, INCLUDE, exclusion
 * constraints. Hand-written migrations say it, so it comes from the history: nothing is taken back because Drizzle is blind to it.
 *
 * @param declared  what the schema alone gives
 * @returns statements that add the rest to it; each stands alone
 */
export function unsaid(declared: Catalog, history: Catalog): string[] {
  return [...history.objects.values()].flatMap(have => {
    const want = declared.objects.get(have.id)
    if (want) return want.detail === have.detail ? [] : (OF[have.kind]?.(want as never, have as never) ?? [])
    return isExclusion(have) ? [...writers.constraint.create(have as never, [])] : []
  })
}

/** Whether the history holds anything of that sort: most do not, and are spared a second look. */
export const mayBeUnsaid = (history: Catalog): boolean => [...history.objects.values()].some(object => isExclusion(object) || IN[object.kind]?.(object.data as never))

const IN: Readonly<Record<string, (data: never) => boolean>> = {
  table: (data: TableData) => data.options.length > 0 || data.unlogged,
  column: (data: ColumnData) => data.collation !== null,
  constraint: (data: ConstraintData) => sayable(data.clause) !== data.clause,
  index: (data: IndexData) => data.bare !== data.clause,
}

const OF: Readonly<Record<string, (want: never, have: never) => string[]>> = {
  table: ({ data: want }: CatalogObject<TableData>, { data: have }: CatalogObject<TableData>) =>
    tableOptions({ ...want, unlogged: want.unlogged || have.unlogged, options: want.options.length > 0 ? want.options : have.options }, want),
  column: ({ data: want }: CatalogObject<ColumnData>, { data: have }: CatalogObject<ColumnData>) =>
    want.type === have.type && want.collation === null && have.collation !== null
      ? [`ALTER TABLE ${qualified(want.table)} ALTER COLUMN ${ident(want.name)} SET DATA TYPE ${want.type} COLLATE ${have.collation}`] : [],
  constraint: (want: CatalogObject<ConstraintData>, have: CatalogObject<ConstraintData>) =>
    want.data.clause === sayable(have.data.clause) ? [`${writers.constraint.drop(want)[0]};\n${writers.constraint.create(have, [])[0]}`] : [],
  index: (want: CatalogObject<IndexData>, have: CatalogObject<IndexData>) =>
    want.data.unique === have.data.unique && want.data.clause === have.data.bare ? [`${writers.index.drop(want)[0]};\n${writers.index.create(have, [])[0]}`] : [],
}

const isExclusion = (object: CatalogObject): boolean => object.kind === "constraint" && (object.data as ConstraintData).type === "x"

/** A clause as PostgreSQL or nself ends it, without what Drizzle has no word for. */
const sayable = (clause: string): string => clause.replace(/ NOT VALID$/, "").replace(/ DEFERRABLE(?: INITIALLY DEFERRED)?$/, "").replace(" MATCH FULL", "")
