import { Fault } from "../core/fault.ts"
import type { Found } from "./collect.ts"
import type { DeclaredTable } from "./declared.ts"
import type { Writer } from "./writer.ts"

/** The tables as the rest of nself speaks of them. Two keys with one column name are a `usage` fault. */
export function tablesOf(w: Writer, found: readonly Found[]): DeclaredTable[] {
  return found.filter(one => one.kind === "tables").map(({ value, place }, order) => {
    const config = w.orm.pg.getTableConfig(value as never)
    const columns = config.columns.map(w.columnName).map(w.names.keep)
    const twice = columns.find((name, index) => columns.indexOf(name) !== index)
    if (twice !== undefined) throw new Fault("usage", `${place.file} (export ${place.exportName}): column ${twice} is defined twice`, "rename one of the two")
    return {
      schema: config.schema ?? null, name: w.names.keep(config.name), file: place.file, exportName: place.exportName, order,
      columns, hasUpdatedAt: columns.includes("updated_at"),
    }
  })
}
