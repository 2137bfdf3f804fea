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
}
