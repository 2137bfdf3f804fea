/** Histories of other tools as values. */

export const TOOLS = ["drizzle", "drizzle-folders", "hasura", "dbmate", "node-pg-migrate"] as const
/** `drizzle`: a journal and numbered files (drizzle-kit 0.20 to 0.31); `drizzle-folders`: a folder for each migration (1.0). */
export type Tool = (typeof TOOLS)[number]

/** One migration as another tool has it. */
export interface Foreign {
  /** What the tool calls it in its own table. */
  readonly id: string
  /** `add_documents`: fit for a file name, without a number. */
  readonly slug: string
  /** The number in front of its own name, where the file can stay as it is; `null` where it must be copied. */
  readonly seq: number | null
  /** For messages: relative to the root. */
  readonly path: string
  /** As in the file, but for a BOM and CRLF. */
  readonly up: string
  /** `null` where there is none, or nothing in it. */
  readonly down: string | null
  /** SHA-256 of the file's text, each 64 hex digits, as the tool may have hashed it: with the line ends of either system. */
  readonly hashes: readonly string[]
  /** Milliseconds since 1970. */
  readonly when: number
  /** drizzle-kit's snapshot (version 7 and older), as JSON. */
  readonly snapshot: object | null
  /** `-- transaction:false` and the like: statement by statement. */
  readonly alone: boolean
}

/** A project of another tool. */
export interface ForeignProject {
  readonly tool: Tool
  /** Relative to the root. */
  readonly folder: string
  /** In the order in which the tool applies them. */
  readonly migrations: readonly Foreign[]
  /** Files that the tool never runs. */
  readonly unlisted: readonly { readonly path: string; readonly hashes: readonly string[]; readonly foreign: Foreign }[]
  /** Migrations that the tool knows of and whose files are gone. */
  readonly gone: readonly string[]
  /** Odd things that were met. */
  readonly notes: readonly string[]
}

/** A name made fit for nself's file names. */
export function slugFor(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 180) || "migration"
}
