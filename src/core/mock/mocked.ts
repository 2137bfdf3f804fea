/** What the seed means: the same seed, format and tables give the same rows on every machine. A change of any value is a new format. */
export const MOCK_FORMAT = 1

/** The result of `db mock`. */
export interface Mocked {
  readonly env: string
  /** The database's label, without password. */
  readonly database: string
  readonly seed: string
  readonly format: number
  /** In the order they were filled. */
  readonly tables: readonly MockedTable[]
}

export interface MockedTable {
  /** `np_users`, or `app.users` away from home. */
  readonly table: string
  readonly rows: number
  /** `parent`: nobody asked for it, but rows of another table need it. */
  readonly why: "asked" | "parent"
  readonly durationMs: number
}
