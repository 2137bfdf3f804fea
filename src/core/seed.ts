import type { Fault } from "./fault.ts"

/** A seed file as the folder lists it. */
export interface SeedName {
  /** Relative to the project's root, with `/`. */
  readonly path: string
  readonly kind: "sql" | "ts"
  /** The number in front of the file's name; `null` where there is none. */
  readonly seq: number | null
}

/** What a database remembers of a seed: its last successful run. */
export interface SeedRecord {
  readonly path: string
  /** 64 hex digits. */
  readonly sha256: string
  readonly at: Date
}

/** One seed of a run, done or not. `kept`: another environment's by nself's numbers; `once`: recorded with this very text; `skipped`: not tried. */
export interface SeedRow {
  readonly path: string
  readonly state: "done" | "failed" | "skipped" | "kept" | "once"
  readonly durationMs: number | null
  /** What a seed that had run before did again, although it should leave the same rows: `np_roles has 3 rows more`. */
  readonly repeated: readonly string[]
}

/** The result of `db seed` and `db hasura seed apply`: one row per file, in order. */
export interface Seeded {
  readonly env: string
  /** The database's label, or Hasura's endpoint; without secrets. */
  readonly database: string
  /** The tables that were emptied before, with the rows they had; `null`: none was to be. */
  readonly emptied: readonly Emptied[] | null
  readonly seeds: readonly SeedRow[]
  readonly failure: Fault | null
}

/** A table that `--truncate` empties. */
export interface Emptied {
  /** `np_users`, or `app.np_users` away from home. */
  readonly table: string
  readonly rows: number
}

export type SeedEvent =
  | { readonly state: "started"; readonly path: string; readonly talks: boolean }
  /** A line that a TypeScript seed wrote to its standard output. */
  | { readonly state: "said"; readonly line: string }
  | { readonly state: "done"; readonly durationMs: number; readonly talks: boolean }
  | { readonly state: "failed"; readonly talks: boolean }

/** The highest seed number that an environment gets by nself's numbering: 000 and 001 everywhere, up to 004 in staging, the others in dev alone. */
const LAST: Readonly<Record<string, number>> = { prod: 1, staging: 4 }

/** Whether a seed is this environment's. In prod and staging a file without a number belongs to dev. */
export function belongsTo(env: string, { seq }: Pick<SeedName, "seq">): boolean {
  const last = LAST[env]
  return last === undefined || (seq !== null && seq <= last)
}

/** `001_roles.ts` as a seed; `null` for what is none (`.md`, `.d.ts`). */
export function seedName(path: string): SeedName | null {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const kind = /\.sql$/i.test(name) ? "sql" : /(?<!\.d)\.[mc]?ts$/.test(name) ? "ts" : null
  if (kind === null || name.startsWith(".")) return null
  const number = /^\d{1,15}(?=[_.-])/.exec(name)?.[0]
  return { path, kind, seq: number === undefined ? null : Number(number) }
}

/** By number, then by name; those without a number last. Two folders make one order. */
export function inOrder(seeds: readonly SeedName[]): readonly SeedName[] {
  const base = (path: string): string => path.slice(path.lastIndexOf("/") + 1)
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return seeds.toSorted((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || compare(base(a.path), base(b.path)) || compare(a.path, b.path))
}

/** Rows per table before and after a seed that had run before, as what a person should hear; empty where it is repeatable. */
export function repeatedRows(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): readonly string[] {
  return [...after].flatMap(([table, rows]) => {
    const more = rows - (before.get(table) ?? 0)
    return more === 0 ? [] : [`${table} has ${Math.abs(more)} ${Math.abs(more) === 1 ? "row" : "rows"} ${more > 0 ? "more" : "less"}`]
  })
}
