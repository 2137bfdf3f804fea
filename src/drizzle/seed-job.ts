/** What the parent asks of the child that runs a seed; JSON on its standard input. */
export interface SeedJob {
  readonly root: string
  /** Absolute path of the seed file. */
  readonly path: string
  /** Where the child says how it went: a file that the parent made a folder for. */
  readonly reply: string
  /** Whether errors may quote rows. */
  readonly showRows: boolean
}

/** The first thing that went wrong in a seed. */
export interface SeedFailure {
  readonly message: string
  /** The SQLSTATE where PostgreSQL said no. */
  readonly code?: string
}

/** Written when the child ends, however it ends by itself. */
export interface SeedReply {
  readonly failure: SeedFailure | null
}
