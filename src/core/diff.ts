import type { CatalogObject, Drift } from "./catalog.ts"
import type { Ignored } from "./filter.ts"

/** What the Drizzle schema says and no migration does; or why nobody looked. */
export type Ungenerated = { readonly looked: true; readonly drift: Drift } | { readonly looked: false; readonly why: string }

/** Three questions kept apart: has somebody changed the database by hand, what is not applied yet, what has no migration yet. */
export interface Diff {
  readonly env: string
  /** The database's label, without password. */
  readonly database: string
  /** `PostgreSQL 15.18`. */
  readonly engine: string
  /** The engine that read the history; `null` where two live databases were compared. */
  readonly shadow: string | null
  /** What the database was compared with: its own history, or the label of another database. */
  readonly against: string | null
  /** The newest applied number. */
  readonly version: number
  /** `missing`: the history has it, the database does not. */
  readonly drift: Drift
  /** Names of files that are not applied, lowest first. */
  readonly pending: readonly { readonly name: string; readonly path: string }[]
  readonly ungenerated: Ungenerated
  readonly ignored: Ignored
  /** What a person should know of how this came about. */
  readonly notes: readonly string[]
  /** Statements that close the drift when they run in the database, without semicolons. */
  readonly sql: readonly string[]
}

/** For `--json`: what differs, without what only nself's writers need. */
export interface ShownDrift {
  readonly missing: readonly ShownObject[]
  readonly extra: readonly ShownObject[]
  readonly changed: readonly { readonly kind: string; readonly key: string; readonly want: string; readonly have: string }[]
}
interface ShownObject { readonly kind: string; readonly key: string; readonly detail: string }

const shownObject = ({ kind, key, detail }: CatalogObject): ShownObject => ({ kind, key, detail })

export function shownDrift({ missing, extra, changed }: Drift): ShownDrift {
  return {
    missing: missing.map(shownObject), extra: extra.map(shownObject),
    changed: changed.map(({ want, have }) => ({ kind: want.kind, key: want.key, want: want.detail, have: have.detail })),
  }
}
