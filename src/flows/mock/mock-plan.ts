import { closest } from "../../core/closest.ts"
import { Fault } from "../../core/fault.ts"
import { orderTables, type Ordered } from "../../core/mock/order.ts"
import { shownName, type MockForeignKey, type MockTable } from "../../core/mock/table.ts"
import type { Session } from "../../core/types.ts"

export interface PlanRequest {
  /** As typed: `np_users` or `app.users`. */
  readonly names: readonly string[]
  readonly all: boolean
  readonly count: number
  readonly withParents: boolean
}

export interface MockPlan {
  readonly ordered: Ordered
  /** Rows wanted of each table, by oid; `why`: `parent` where nobody asked for it by name. */
  readonly wanted: ReadonlyMap<string, Wanted>
}

export interface Wanted {
  readonly table: MockTable
  readonly count: number
  readonly why: "asked" | "parent"
}

/** Which tables are filled, with how many rows, in which order. Throws `usage` for an unknown table, `failed` for a circle that cannot be opened. */
export async function planMock(session: Session, tables: readonly MockTable[], home: string, request: PlanRequest): Promise<MockPlan> {
  const asked = request.all ? tables.filter(table => table.schema === home) : [...new Set(request.names.map(name => tableOf(tables, home, name)))]
  if (asked.length === 0) throw new Fault("usage", `there is no table in schema ${home}`, "nself db migrate up")
  const wanted = new Map<string, Wanted>(asked.map(table => [table.oid, { table, count: request.count, why: "asked" }]))
  if (request.withParents) await addParents(session, tables, wanted)
  const old = new Set<string>()
  const { hasRows } = await import("../../pg/mock-read.ts")
  for (const { table } of wanted.values()) if (await hasRows(session, table)) old.add(table.oid)
  const ordered = orderTables([...wanted.values()].map(one => one.table), oid => old.has(oid))
  refuseStuck(ordered, tables, home)
  return { ordered, wanted }
}

function tableOf(tables: readonly MockTable[], home: string, typed: string): MockTable {
  const found = tables.find(table => shownName(table, home) === typed || `${table.schema}.${table.name}` === typed)
  if (found) return found
  const names = tables.map(table => shownName(table, home))
  const near = closest(typed, names)
  throw new Fault("usage", `there is no table \`${typed}\` to fill`, near ? `nself db mock --table ${near}` : names.length === 0 ? "nself db migrate up" : `tables are ${names.slice(0, 12).join(", ")}${names.length > 12 ? " …" : ""}`)
}

/** Tables that wanted ones refer to and that have too few rows for them, however far up. */
async function addParents(session: Session, tables: readonly MockTable[], wanted: Map<string, Wanted>): Promise<void> {
  const open = [...wanted.values()]
  for (let one = open.shift(); one; one = open.shift()) {
    for (const key of one.table.foreignKeys) {
      const parent = tables.find(table => table.oid === key.target)
      if (!parent || key.target === one.table.oid) continue
      const count = await missing(session, one, key, parent)
      const before = wanted.get(parent.oid)
      if (count === 0 || (before && before.count >= count)) continue
      const more: Wanted = { table: parent, count, why: before?.why ?? "parent" }
      wanted.set(parent.oid, more)
      open.push(more)
    }
  }
}

/** How many parents must be made: one for each row where the key is unique, else a tenth, and enough for pairs to differ. */
async function missing(session: Session, { table, count }: Wanted, key: MockForeignKey, parent: MockTable): Promise<number> {
  const { countUnused, hasRows } = await import("../../pg/mock-read.ts")
  if (isSingle(table, key)) return Math.max(0, count - (await countUnused(session, table, key, parent)))
  return (await hasRows(session, parent)) ? 0 : Math.max(Math.ceil(count / 10), Math.ceil(Math.sqrt(count)) + 1)
}

const isSingle = (table: MockTable, { columns }: MockForeignKey): boolean =>
  table.uniques.some(unique => unique.predicate === null && unique.expressions.length === 0 && unique.columns.length === columns.length && unique.columns.every(column => columns.includes(column)))

function refuseStuck({ stuck }: Ordered, tables: readonly MockTable[], home: string): void {
  const [first] = stuck
  if (!first) return
  const parent = tables.find(table => table.oid === first.foreignKey.target)!
  throw new Fault("failed", `${shownName(first.table, home)} and ${shownName(parent, home)} need each other's rows first: ${first.foreignKey.name} and those it leads to are neither nullable nor DEFERRABLE`,
    `make ${first.foreignKey.name} DEFERRABLE in a migration, or write a seed that adds the first rows`)
}

