import type { Diagram, DiagramTable } from "../../core/diagram.ts"

/** Pixels. */
export const ROW = 22
const HEAD = 30
const CHAR = 7.3
const GAP = { x: 90, y: 28 }
const MARGIN = 20

export interface Box {
  readonly table: DiagramTable
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Layout {
  readonly boxes: readonly Box[]
  readonly width: number
  readonly height: number
}

/** The middle of a column's row, from the top of the picture. */
export function rowY({ table, y }: Box, column: string | undefined): number {
  const at = table.columns.findIndex(one => one.name === column)
  return at < 0 ? y + HEAD / 2 : y + HEAD + at * ROW + ROW / 2
}

/**
 * Where an edge goes between two boxes that are not neighbours: for each stack of boxes on the way, the middle of the gap nearest to the straight
 * line, so that no edge is hidden behind a box.
 */
export function detour(boxes: readonly Box[], start: readonly [x: number, y: number], end: readonly [x: number, y: number]): readonly (readonly [x: number, y: number])[] {
  const [from, to] = [Math.min(start[0], end[0]), Math.max(start[0], end[0])]
  const between = boxes.filter(box => box.x > from && box.x + box.width < to)
  const stacks = [...Map.groupBy(between, box => box.x)].toSorted(([a], [b]) => (start[0] < end[0] ? a - b : b - a))
  return stacks.flatMap(([x, stack]) => {
    const width = Math.max(...stack.map(box => box.width))
    const straight = start[1] + ((end[1] - start[1]) * (x + width / 2 - start[0])) / (end[0] - start[0])
    const y = gaps(stack).toSorted((a, b) => Math.abs(a - straight) - Math.abs(b - straight))[0]!
    return start[0] < end[0] ? [[x - 14, y], [x + width + 14, y]] as const : [[x + width + 14, y], [x - 14, y]] as const
  })
}

/** Free heights above, between and below boxes that stand on each other. */
function gaps(stack: readonly Box[]): number[] {
  const sorted = stack.toSorted((a, b) => a.y - b.y)
  return [sorted[0]!.y - MARGIN / 2, ...sorted.map(box => box.y + box.height + GAP.y / 2)]
}

/** Referenced tables to the left, those that refer to them right of them, each near its own; tables without keys last. Columns of boxes have about one height. */
export function layout(diagram: Diagram): Layout {
  const linked = new Set(diagram.edges.filter(edge => edge.from !== edge.to).flatMap(edge => [edge.from, edge.to]))
  const levels = levelsOf(diagram, linked)
  const limit = tallest(diagram)
  const alone = diagram.tables.filter(table => !linked.has(table.name))
  const stacks = [...levels, alone].filter(tables => tables.length > 0).flatMap(tables => stacked(tables, limit))
  const boxes: Box[] = []
  let x = MARGIN
  for (const stack of stacks) {
    const placed = place(near(stack, diagram, boxes), x)
    boxes.push(...placed)
    x = Math.max(...placed.map(box => box.x + box.width)) + GAP.x
  }
  return { boxes, width: Math.max(2 * MARGIN, x - GAP.x + MARGIN), height: Math.max(0, ...boxes.map(box => box.y + box.height)) + MARGIN + GAP.y / 2 }
}

const height = (table: DiagramTable): number => HEAD + table.columns.length * ROW + 6

/** How high a stack of boxes may be, so that the whole picture is about as wide as high. */
function tallest({ tables }: Diagram): number {
  const area = tables.reduce((sum, table) => sum + (height(table) + GAP.y) * 330, 0)
  return Math.max(500, Math.sqrt(area))
}

/** Each table one step right of the furthest table it refers to; what goes round in a circle is cut where it closes. */
function levelsOf({ tables, edges }: Diagram, linked: ReadonlySet<string>): DiagramTable[][] {
  const targets = Map.groupBy(edges, edge => edge.from)
  const level = new Map<string, number>()
  const depth = (name: string, above: ReadonlySet<string>): number => {
    const known = level.get(name)
    if (known !== undefined) return known
    const next = (targets.get(name) ?? []).map(edge => edge.to).filter(to => to !== name && !above.has(to))
    const own = next.length === 0 ? 0 : 1 + Math.max(...next.map(to => depth(to, new Set([...above, name]))))
    level.set(name, own)
    return own
  }
  const groups = Map.groupBy(tables.filter(table => linked.has(table.name)), table => depth(table.name, new Set([table.name])))
  return [...groups].toSorted(([a], [b]) => a - b).map(([, group]) => group)
}

function stacked(tables: readonly DiagramTable[], limit: number): DiagramTable[][] {
  const stacks: DiagramTable[][] = [[]]
  let used = 0
  for (const table of tables) {
    if (used > 0 && used + height(table) > limit) {
      stacks.push([])
      used = 0
    }
    stacks.at(-1)!.push(table)
    used += height(table) + GAP.y
  }
  return stacks
}

/** Sorted by where the tables that they refer to, already placed, lie. */
function near(stack: readonly DiagramTable[], { edges }: Diagram, boxes: readonly Box[]): readonly DiagramTable[] {
  const middle = (table: DiagramTable): number => {
    const ys = edges.filter(edge => edge.from === table.name).flatMap(edge => boxes.filter(box => box.table.name === edge.to).map(box => rowY(box, edge.toColumns[0])))
    return ys.length === 0 ? Number.MAX_SAFE_INTEGER : ys.reduce((sum, y) => sum + y, 0) / ys.length
  }
  return stack.map(table => ({ table, at: middle(table) })).toSorted((a, b) => a.at - b.at || (a.table.name < b.table.name ? -1 : 1)).map(one => one.table)
}

function place(stack: readonly DiagramTable[], x: number): Box[] {
  const width = Math.max(...stack.map(boxWidth))
  let y = MARGIN
  return stack.map(table => {
    const box = { table, x, y, width, height: height(table) }
    y += box.height + GAP.y
    return box
  })
}

/** Room for the longest line: keys, name, type. */
function boxWidth({ name, columns }: DiagramTable): number {
  const longest = Math.max(name.length * 1.15 + 4, ...columns.map(column => [...column.name].length + [...column.type].length + 13))
  return Math.ceil(Math.min(Math.max(longest * CHAR + 24, 180), 620))
}
