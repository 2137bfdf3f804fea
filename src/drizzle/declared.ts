import type { Exit } from "../core/fault.ts"

/** One table as its source says it. */
export interface DeclaredTable {
  /** `null`: the home schema. */
  readonly schema: string | null
  readonly name: string
  /** Relative to the root; the file that defines it, not a barrel. */
  readonly file: string
  readonly exportName: string
  /** Its place among all tables, from 0, in the order of the sources. */
  readonly order: number
  /** Names in the database, in the order of the source. */
  readonly columns: readonly string[]
  readonly hasUpdatedAt: boolean
}

/** A schema written in TypeScript, as plain values. */
export interface Declared {
  /** DDL from nothing; each statement stands alone. */
  readonly statements: readonly string[]
  readonly tables: readonly DeclaredTable[]
  /** Files that were loaded, relative to the root: the schema files first. */
  readonly sources: readonly string[]
  readonly drizzleVersion: string
  /** Names that PostgreSQL keeps shorter than they are. */
  readonly cut: readonly CutName[]
}

/** A name over 63 bytes and what PostgreSQL keeps of it. */
export interface CutName {
  readonly name: string
  readonly kept: string
}

/** What the parent asks of the child; JSON on its standard input. */
export interface Job {
  /** `migration`: what `declared` gives, and then, when it is asked for, drizzle-kit's snapshot, which takes as long again and is needed last. */
  readonly want: "declared" | "migration" | "config"
  readonly root: string
  /** `want: "config"`: the file to run. Else for messages only. */
  readonly configPath: string | null
  readonly patterns: readonly string[]
  readonly out: string
  readonly casing?: "snake_case" | "camelCase" | undefined
  /** Where the answer is written: a file that the parent made a folder for. */
  readonly reply: string
  /** Where the snapshot is written, behind the answer. */
  readonly snapshot: string
}

/** Behind the path of the snapshot: the file whose being there asks for it. */
export const ASKED = ".asked"

/** What the child writes to `reply`, and to `snapshot`. */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly exit: Exclude<Exit, "ok" | "bug">; readonly message: string; readonly hint: string | null }
