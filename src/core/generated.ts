/** What `nself db migrate generate` was asked for. */
export interface GenerateOptions {
  readonly env: string | null
  /** As typed; `null` when it was not given. */
  readonly name: string | null
  /** An empty migration for hand-written SQL. */
  readonly custom: boolean
  /** Write nothing; say whether the schema has changes without a migration. */
  readonly check: boolean
  readonly dryRun: boolean
  /** `old=new`, as typed. */
  readonly renames: readonly string[]
  readonly noRenames: boolean
  readonly assumeEmpty: readonly string[]
  /** Take over what the database is, instead of what the schema says. */
  readonly fromDb?: boolean
  /** The value of `--url`. */
  readonly url?: string | null
  /** The value of `--shadow-url`. */
  readonly shadowUrl?: string | null
}

/** What `generate` did, or would do. */
export interface Generated {
  readonly status: "written" | "nothing" | "needed" | "dry-run"
  /** Paths written, relative to the project's root. */
  readonly files: readonly string[]
  readonly up: string
  readonly down: string
  readonly warnings: readonly string[]
  /** The engine that proved the migration. */
  readonly engine: string
  /** With `needed`: `missing table np_documents`, one line per difference, said from the schema's side. */
  readonly changes?: readonly string[]
  /** Where it was made from a database. */
  readonly absorbed?: Absorbed
}

/** A migration that takes over what somebody did to a database by hand. */
export interface Absorbed {
  /** The database's label; the migration is recorded there as applied, unless this was a dry run. */
  readonly database: string
  /** What to do in the schema files, as text. */
  readonly imports: readonly string[]
  readonly declarations: readonly string[]
  readonly edits: readonly { readonly what: string; readonly code: string | null }[]
}
