import { Fault } from "../../core/fault.ts"
import { slugFor, type Foreign, type ForeignProject, type Tool } from "../../core/foreign.ts"
import { timeOf } from "./folders.ts"
import { at, namesIn, readForeign } from "./read.ts"

/** How a tool marks the two ways in one file. */
interface Marks {
  readonly tool: Tool
  readonly up: RegExp
  readonly down: RegExp
  /** Behind the mark of the way up: not in one transaction. */
  readonly alone: RegExp
}

const DBMATE: Marks = { tool: "dbmate", up: /^--\s*migrate:up\b.*$/m, down: /^--\s*migrate:down\b.*$/m, alone: /\btransaction:\s*false\b/ }
const NODE_PG: Marks = { tool: "node-pg-migrate", up: /^\s*--[\s-]*up\s+migration.*$/im, down: /^\s*--[\s-]*down\s+migration.*$/im, alone: /$^/ }

/** dbmate: `20200101000000_name.sql` with `-- migrate:up` and `-- migrate:down`. */
export const readDbmate = (root: string, folder: string): Promise<ForeignProject | null> => readSections(root, folder, DBMATE)

/** node-pg-migrate's SQL files: `1600000000000_name.sql` with `-- Up Migration` and `-- Down Migration`, or two files `.up.sql` and `.down.sql`. */
export const readNodePgMigrate = (root: string, folder: string): Promise<ForeignProject | null> => readSections(root, folder, NODE_PG)

async function readSections(root: string, folder: string, marks: Marks): Promise<ForeignProject | null> {
  const names = await namesIn(root, folder)
  const files = names.filter(name => /^\d{4,17}[_-].+\.sql$/.test(name) && !/\.down\.sql$/.test(name))
  const read = await Promise.all(files.map(name => foreignOf(root, at(folder, name), name, marks, names)))
  const migrations = read.filter(one => one !== null).toSorted((a, b) => compare(a.id, b.id))
  if (migrations.length === 0) return null
  const scripts = marks.tool === "node-pg-migrate" ? names.filter(name => /^\d{4,17}[_-].+\.(?:js|ts|mjs|cjs)$/.test(name)) : []
  if (scripts.length > 0) throw new Fault("refused", `${scripts.length} migrations are no SQL: ${at(folder, scripts[0]!)}`, "write them as SQL first: node-pg-migrate up --dry-run prints what each one runs")
  return { tool: marks.tool, folder, migrations, unlisted: [], gone: [], notes: [] }
}

/** By number, then by name; numbers of one history may have different lengths. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map(id => BigInt(/^\d+/.exec(id)?.[0] ?? "0")) as [bigint, bigint]
  return left < right ? -1 : left > right ? 1 : a < b ? -1 : 1
}

async function foreignOf(root: string, path: string, name: string, marks: Marks, names: readonly string[]): Promise<Foreign | null> {
  const { text, hashes } = await readForeign(root, path)
  const stem = name.replace(/(\.up)?\.sql$/, "")
  const [up, down] = [marks.up.exec(text), marks.down.exec(text)]
  const two = marks.tool === "node-pg-migrate" && name.endsWith(".up.sql")
  if (!up && !two) return null
  const start = up ? up.index + up[0].length : 0
  const other = `${stem}.down.sql`
  const downText = down ? text.slice(down.index + down[0].length) : two && names.includes(other) ? (await readForeign(root, path.replace(name, other))).text : null
  return {
    id: marks.tool === "dbmate" ? /^\d+/.exec(stem)![0] : stem, slug: slugFor(stem.replace(/^\d+[_-]/, "")), seq: null, path,
    up: trimmed(text.slice(start, down && down.index > start ? down.index : undefined)), down: downText === null ? null : trimmed(downText), hashes, when: timeOf(stem),
    snapshot: null, alone: up !== null && marks.alone.test(up[0]),
  }
}

const trimmed = (text: string): string => `${text.replace(/^\n+/, "").trimEnd()}\n`
