/** The values that all floors speak. Plain, read-only, floor 0. */

/** One SQL file as it was read, once: the bytes that are hashed are the bytes that run. */
export interface SqlFile {
  /** For messages: relative to the project's root, `/` as separator. */
  readonly path: string
  /** BOM removed, CRLF read as LF. */
  readonly text: string
  /** 64 hex digits: SHA-256 over `text` as UTF-8. */
  readonly sha256: string
  /** The file has CRLF line ends; `text` has not. */
  readonly crlf?: true
}

/** One numbered migration: `0003_add_documents.sql` and, where there is one, `0003_add_documents.down.sql`. */
export interface Migration {
  /** The number in front of the name; 0 is accepted (drizzle-kit starts there). */
  readonly seq: number
  /** File name without `.sql`: `0003_add_documents`. */
  readonly name: string
  readonly up: SqlFile
  readonly down: SqlFile | null
  /** The migrations that this one stands for, where it was squashed out of them; a database that has them all has it. */
  readonly squashes?: readonly { readonly name: string; readonly sha256: string }[]
}

/** One row of the ledger `np_migrations`. */
export interface Applied {
  readonly seq: number
  readonly name: string
  readonly sha256: string
  readonly state: "applied" | "running" | "failed"
  /** How many statements of a non-transactional file are done; `null` for a transactional one. */
  readonly statementNo: number | null
  readonly runId: string
  readonly appliedAt: Date
  readonly durationMs: number | null
}

export interface Plan {
  readonly direction: "up" | "down"
  readonly steps: readonly Migration[]
}

/** Asks the database one question; values are bound, never spliced. */
export type Query = <R>(sql: string, params?: readonly unknown[]) => Promise<readonly R[]>

/** Text or UTF-8 bytes in pieces of any size, as COPY reads them. */
export type Rows = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/** One connection to one PostgreSQL, embedded or real. It never reconnects by itself: a lost session rejects everything after. */
export interface Session {
  /** `PostgreSQL 15.18` or `embedded PostgreSQL 18.6`. */
  readonly engine: string
  /** `server_version_num`, for example 150018. */
  readonly versionNum: number
  readonly query: Query
  /**
   * Several statements in one message, no parameters. An error carries `statement`, the index (from 0) of the one that failed.
   *
   * @param heard  gets what a server says meanwhile beside its answers, of whatever severity; an embedded database does not tell it
   */
  script(sql: string, heard?: (said: string) => void): Promise<void>
  /** Runs one `COPY … FROM STDIN` and gives it these rows, in the form the statement says. Returns how many PostgreSQL took. */
  copyIn(sql: string, rows: Rows): Promise<number>
  /** Asks the server to cancel what this session runs; never throws. */
  cancel(): Promise<void>
  /** `why`: what statements that are still running reject with. */
  close(why?: string): Promise<void>
}

/** Somewhere sessions can be opened: a server, or the embedded database in `.nself/`. */
export interface Database {
  /** For people and without password: `nself@127.0.0.1:5432/nself` or `embedded database in .nself/`. */
  readonly label: string
  readonly embedded: boolean
  /** Whether it runs on this machine, as far as the address says. */
  readonly local: boolean
  session(): Promise<Session>
  /** Of an embedded database only: lets other processes of this machine in, as user and database `postgres`, any password. `searchPath`: what they begin with. */
  listen?(searchPath?: string | null): Promise<Listener>
  close(): Promise<void>
}

/** An open port on 127.0.0.1. */
export interface Listener {
  readonly port: number
  close(): Promise<void>
}

/** What PostgreSQL says of an error; the fields of the protocol's ErrorResponse. Both drivers' errors have this shape. */
export interface PgError {
  readonly code: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  /** Characters from 1 into the text that was sent, as a decimal string. */
  readonly position?: string
  readonly where?: string
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  /** Index from 0 of the statement in a `script` that failed. */
  readonly statement?: number
}
