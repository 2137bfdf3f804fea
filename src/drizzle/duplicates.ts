import { Fault } from "../core/fault.ts"
import type { Found } from "./collect.ts"
import { indexName } from "./declare-index.ts"
import { constraintSpace, uniques } from "./declare-table.ts"
import type { Writer } from "./writer.ts"

/** A name in the space where it must be the only one: `relation app.users`, `type mood`, `constraint of users x`. */
interface Taken {
  readonly space: string
  readonly name: string
  readonly what: string
}

/**
 * Two definitions of one name: a `usage` fault with both places. Tables, views, sequences and indexes (those of unique constraints and keys too)
 * share one space of names in a schema; constraints have one in each table, roles one in the server.
 */
export function refuseDuplicates(w: Writer, found: readonly Found[]): void {
  const seen = new Map<string, { one: Found; what: string }>()
  for (const one of found) {
    for (const { space, name, what } of namesTaken(w, one)) {
      const key = JSON.stringify([space, space.startsWith("constraint ") ? w.names.keepIn(space, name) : w.names.keep(name)])
      const other = seen.get(key)
      if (other) throw new Fault("usage", `${name} is defined twice:\n  ${at(other.one, other.what)}\n  ${at(one, what)}`, "rename one of the two")
      seen.set(key, { one, what })
    }
  }
}

function at({ place }: Found, what: string): string {
  return `${place.file} (export ${place.exportName}${what === "" ? "" : `, ${what}`})`
}

function namesTaken(w: Writer, { kind, value }: Found): Taken[] {
  const { pg } = w.orm
  const relation = ({ schema, name }: { schema?: string | undefined; name: string }): Taken[] => [{ space: `relation ${schema ?? ""}`, name, what: "" }]
  switch (kind) {
    case "tables": return ofTable(w, pg.getTableConfig(value as never), relation)
    case "views": return relation(pg.getViewConfig(value as never))
    case "materializedViews": return relation(pg.getMaterializedViewConfig(value as never))
    case "enums": return [{ space: `type ${(value as { schema?: string }).schema ?? ""}`, name: (value as { enumName: string }).enumName, what: "" }]
    case "sequences": { const { schema, seqName } = value as { schema?: string; seqName: string }; return relation({ schema, name: seqName }) }
    case "roles": return [{ space: "role", name: (value as { name: string }).name, what: "" }]
    default: return []
  }
}

type TableConfig = ReturnType<Writer["orm"]["pg"]["getTableConfig"]>

function ofTable(w: Writer, config: TableConfig, relation: (named: { schema?: string | undefined; name: string }) => Taken[]): Taken[] {
  const inSchema = (name: string, what: string): Taken => ({ space: `relation ${config.schema ?? ""}`, name, what })
  const inTable = (name: string, what: string): Taken => ({ space: constraintSpace(config), name, what })
  return [
    ...relation(config),
    ...config.indexes.map(index => inSchema(indexName(w, index, config.name), "index")),
    ...uniques(w, config).map(unique => inSchema(unique.name, "unique")),
    ...config.primaryKeys.map(key => inSchema(key.getName(), "primary key")),
    ...config.checks.map(check => inTable(check.name, "check")),
    ...config.foreignKeys.map(key => inTable(key.getName(), "foreign key")),
    ...config.policies.map(policy => ({ space: `policy ${config.schema ?? ""} ${config.name}`, name: policy.name, what: "policy" })),
  ]
}
