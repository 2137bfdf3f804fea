import { Fault } from "../core/fault.ts"
import type { Found } from "./collect.ts"
import type { Writer } from "./writer.ts"

/** A foreign key into a table that no schema file exports could never be made: a `usage` fault. Tables in named schemas may belong to somebody else. */
export function refuseLostTargets(w: Writer, found: readonly Found[]): void {
  const { getTableConfig } = w.orm.pg
  const tables = found.filter(one => one.kind === "tables")
  const names = new Set(tables.map(({ value }) => getTableConfig(value as never)).filter(config => !config.schema).map(config => config.name))
  for (const { value, place } of tables) {
    for (const key of getTableConfig(value as never).foreignKeys) {
      const target = getTableConfig(key.reference().foreignTable as never)
      if (target.schema || names.has(target.name)) continue
      throw new Fault("usage", `${place.file} (export ${place.exportName}) references table ${target.name}, which no schema file exports`, `export ${target.name} from a file that \`schema\` in drizzle.config.ts names`)
    }
  }
}
