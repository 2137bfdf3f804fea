import type { MockForeignKey, MockTable } from "./table.ts"

/** How a foreign key is met in the order that was found. */
export type Link =
  /** Its parents are there when the child is written: they were before, or are filled earlier in this run. */
  | "ready"
  /** The child refers to rows of its own table. */
  | "self"
  /** NULL at first, set once both tables are filled. */
  | "later"
  /** The child is written first and PostgreSQL looks at COMMIT: DEFERRABLE. */
  | "deferred"

export interface Ordered {
  /** Parents before children, wherever that can be. */
  readonly tables: readonly MockTable[]
  /** Of each foreign key to a table that is filled in this run too: `oid name`. */
  readonly links: ReadonlyMap<string, Link>
  /** Foreign keys that go round in a circle with neither a nullable nor a deferrable one among them. */
  readonly stuck: readonly { readonly table: MockTable; readonly foreignKey: MockForeignKey }[]
}

export const linkKey = (table: MockTable, foreignKey: MockForeignKey): string => `${table.oid} ${foreignKey.name}`

/** Whether a row may leave this foreign key open: one NULL is enough. */
export const mayBeNull = (table: MockTable, { columns }: MockForeignKey): boolean => columns.some(name => !table.columns.find(column => column.name === name)!.notNull)

/**
 * The order to fill tables in. A circle is opened at a key that may be NULL, else at one that is deferrable.
 *
 * @param filled  whether a table outside of `tables`, or one of them before this run, has rows a stuck key could point to
 */
export function orderTables(tables: readonly MockTable[], filled: (oid: string) => boolean): Ordered {
  const links = new Map<string, Link>()
  const stuck: { table: MockTable; foreignKey: MockForeignKey }[] = []
  const order: MockTable[] = []
  let open = [...tables].toSorted((a, b) => (`${a.schema}.${a.name}` < `${b.schema}.${b.name}` ? -1 : 1))
  const waits = (table: MockTable): MockForeignKey[] => table.foreignKeys.filter(key =>
    key.target !== table.oid && open.some(other => other.oid === key.target) && !links.has(linkKey(table, key)))
  for (const table of tables) for (const key of table.foreignKeys) if (key.target === table.oid) links.set(linkKey(table, key), "self")
  while (open.length > 0) {
    const free = open.filter(table => waits(table).length === 0)
    if (free.length > 0) {
      order.push(...free)
      open = open.filter(table => !free.includes(table))
      continue
    }
    const opened = openCircle(circleIn(open, waits), waits, filled)
    if (opened.link) links.set(linkKey(opened.table, opened.foreignKey), opened.link)
    else {
      stuck.push(opened)
      links.set(linkKey(opened.table, opened.foreignKey), "ready")
    }
  }
  for (const table of tables) for (const key of table.foreignKeys) if (!links.has(linkKey(table, key))) links.set(linkKey(table, key), "ready")
  return { tables: order, links, stuck }
}

interface Opened { readonly table: MockTable; readonly foreignKey: MockForeignKey; readonly link: Link | null }

/** The best key to begin with, of all in the circle. */
function openCircle(circle: readonly MockTable[], waits: (table: MockTable) => readonly MockForeignKey[], filled: (oid: string) => boolean): Opened {
  const inside = new Set(circle.map(table => table.oid))
  const keys = circle.flatMap(table => waits(table).filter(key => inside.has(key.target)).map(foreignKey => ({ table, foreignKey })))
  const nullable = keys.find(({ table, foreignKey }) => mayBeNull(table, foreignKey))
  if (nullable) return { ...nullable, link: "later" }
  const deferrable = keys.find(({ foreignKey }) => foreignKey.deferrable)
  if (deferrable) return { ...deferrable, link: "deferred" }
  const old = keys.find(({ foreignKey }) => filled(foreignKey.target))
  return old ? { ...old, link: "ready" } : { ...keys[0]!, link: null }
}

/** Tables that wait for each other: following first waits from any table ends in a circle. */
function circleIn(open: readonly MockTable[], waits: (table: MockTable) => readonly MockForeignKey[]): readonly MockTable[] {
  const path: MockTable[] = []
  let at = open[0]!
  while (!path.includes(at)) {
    path.push(at)
    const [first] = waits(at)
    at = open.find(table => table.oid === first!.target)!
  }
  return path.slice(path.indexOf(at))
}
