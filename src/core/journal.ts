import { Fault } from "./fault.ts"
import { markerLine, sidesOf } from "./markers.ts"
import { seqOfTag } from "./name.ts"
import { tagged } from "./checksum.ts"
import type { Migration } from "./types.ts"

/** `meta/_journal.json`: drizzle-kit's journal with two more fields an entry, which drizzle-kit leaves alone. */
export interface Journal {
  readonly version: string
  readonly dialect: "postgresql"
  /** Tells this project from others in the databases it migrates: a uuid, made with the first migration that nself writes. */
  readonly project?: string
  readonly entries: readonly JournalEntry[]
}

export interface JournalEntry {
  readonly idx: number
  readonly version: string
  /** Milliseconds since 1970, when it was generated. Never decides the order. */
  readonly when: number
  /** File name without `.sql`. */
  readonly tag: string
  readonly breakpoints: boolean
  /** `sha256:…` of the up file; absent in a journal that drizzle-kit wrote. */
  readonly checksum?: string
  /** `sha256:…` of the down file; absent where there is none. */
  readonly downChecksum?: string
  /** What another tool called it, in whose databases it must be known again. */
  readonly adopted?: AdoptedFrom
}

/** A migration as the tool it came from has it in its own table. */
export interface AdoptedFrom {
  readonly tool: string
  readonly id: string
  /** 64 hex digits each: SHA-256 of the text before nself touched it, with the line ends it may have. */
  readonly hashes: readonly string[]
}

export const EMPTY_JOURNAL: Journal = { version: "7", dialect: "postgresql", entries: [] }

/** A journal from its text. Throws `conflict` on git's markers and `failed` on anything that is no journal; `path` is for the message. */
export function parseJournal(text: string, path: string): Journal {
  const line = markerLine(text)
  if (line > 0) throw new Fault("conflict", `${path}:${line}: git conflict markers in the journal`, "nself db migrate status --check-conflicts")
  const value = jsonOf(text, path)
  if (!isRecord(value) || !Array.isArray(value["entries"])) throw broken(path, "it has no list of entries")
  const dialect = value["dialect"] ?? "postgresql"
  if (dialect !== "postgresql" && dialect !== "pg") throw new Fault("refused", `${path}: the journal is for ${String(dialect)}, nself is for postgresql`)
  const entries = value["entries"].map((entry, i) => entryOf(entry, i, path))
  refuseTwice(entries, path)
  return { version: typeof value["version"] === "string" ? value["version"] : "7", dialect: "postgresql", ...projectOf(value["project"]), entries }
}

/** A journal as both sides of a merge have it; one side where nothing was left to merge. */
export interface JournalSides {
  /** `ours` first. */
  readonly sides: readonly Journal[]
  /** The line of git's first marker, from 1; `null` where there is none. */
  readonly line: number | null
}

/** As `parseJournal`, but git's conflict markers are taken apart. Throws `conflict` only where half a marker was left. */
export function parseSides(text: string, path: string): JournalSides {
  const found = sidesOf(text)
  if (!found) return { sides: [parseJournal(text, path)], line: null }
  return { sides: [parseJournal(mended(found.ours), path), parseJournal(mended(found.theirs), path)], line: found.line }
}

/** git cuts at lines, so a side may lack the comma between its entries, or have one behind its last. */
function mended(text: string): string {
  return text.replace(/\}(\s*)\{/g, "},$1{").replace(/,(\s*[\]}])/g, "$1")
}

/** The journal's text: JSON as drizzle-kit reads it, with one line an entry, so that git's merges and conflicts stay readable. */
export function journalText({ entries, ...head }: Journal): string {
  const lines = entries.map(entry => `    { ${Object.entries(entry).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(", ")} }`)
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`
  return `{\n${Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join("")}  "entries": ${list}\n}\n`
}

/** The journal with one entry more, at the end. */
export function appendEntry(journal: Journal, entry: Omit<JournalEntry, "idx" | "version" | "breakpoints">): Journal {
  const idx = Math.max(-1, ...journal.entries.map(one => one.idx)) + 1
  return { ...journal, entries: [...journal.entries, { idx, version: "7", when: entry.when, tag: entry.tag, breakpoints: true, ...checksums(entry) }] }
}

/** The journal with an id of its project; the one that is there stays. */
export function identified(journal: Journal, uuid: string): Journal {
  const { version, dialect, project = uuid, ...rest } = journal
  return { version, dialect, project, ...rest }
}

function checksums({ checksum, downChecksum }: { readonly checksum?: string; readonly downChecksum?: string }): object {
  return { ...(checksum ? { checksum } : {}), ...(downChecksum ? { downChecksum } : {}) }
}

/** Refuses a journal and a folder that name different migrations: an entry without a file, a file without an entry. */
export function matchJournal(journal: Journal, files: readonly Migration[], path: string): void {
  const names = new Set(files.map(file => file.name))
  const missing = journal.entries.filter(entry => !names.has(entry.tag))
  if (missing.length > 0) {
    const list = missing.map(entry => `${entry.tag}.sql`).join(", ")
    throw new Fault("refused", `${path} names ${list}, but there is no such file`, `restore it from git: git log --all --oneline -- '*${missing[0]!.tag}.sql'`)
  }
  const tags = new Set(journal.entries.map(entry => entry.tag))
  const extra = files.filter(file => !tags.has(file.name))
  if (extra.length > 0) {
    const list = extra.map(file => `${file.name}.sql`).join(", ")
    throw new Fault("refused", `${path} does not name ${list}`, `take the journal from git: git checkout -- ${path}; or add the file to it: nself db migrate journal rebase`)
  }
}

/** One file compared with what the journal says of it. `got` is `null` where the file is missing, `expected` where nothing was noted. */
export interface JournalCheck {
  readonly name: string
  readonly state: "ok" | "mismatch" | "missing" | "unknown"
  readonly expected: string | null
  readonly got: string | null
}

/** Every file against its journal entry, up and down. Down files appear only when they differ. */
export function checkJournal(journal: Journal, files: readonly Migration[]): readonly JournalCheck[] {
  const byName = new Map(files.map(file => [file.name, file]))
  const listed = journal.entries.toSorted((a, b) => seqOfTag(a.tag)! - seqOfTag(b.tag)!).flatMap(entry => checkEntry(entry, byName.get(entry.tag)))
  const tags = new Set(journal.entries.map(entry => entry.tag))
  const extra = files.filter(file => !tags.has(file.name)).map(file => checked(file.name, null, tagged(file.up.sha256)))
  return [...listed, ...extra]
}

function checkEntry(entry: JournalEntry, file: Migration | undefined): JournalCheck[] {
  const up = checked(entry.tag, entry.checksum ?? null, file ? tagged(file.up.sha256) : null)
  const down = checked(`${entry.tag}.down`, entry.downChecksum ?? null, file?.down ? tagged(file.down.sha256) : null)
  return entry.downChecksum && file && down.state !== "ok" ? [up, down] : [up]
}

function checked(name: string, expected: string | null, got: string | null): JournalCheck {
  const state = got === null ? "missing" : expected === null ? "unknown" : got === expected ? "ok" : "mismatch"
  return { name, state, expected, got }
}

function projectOf(value: unknown): Pick<Journal, "project"> {
  return typeof value === "string" && /^[\w-]{1,64}$/.test(value) ? { project: value } : {}
}

function entryOf(value: unknown, index: number, path: string): JournalEntry {
  if (!isRecord(value) || typeof value["tag"] !== "string") throw broken(path, `entry ${index} has no tag`)
  const tag = value["tag"]
  if (seqOfTag(tag) === null) throw broken(path, `entry ${index} has the tag ${JSON.stringify(tag)}, which is no migration name`)
  const text = (key: string): string | undefined => (typeof value[key] === "string" ? value[key] : undefined)
  const number = (key: string, otherwise: number): number => (Number.isSafeInteger(value[key]) ? (value[key] as number) : otherwise)
  return {
    idx: number("idx", index), version: text("version") ?? "7", when: number("when", 0), tag,
    breakpoints: value["breakpoints"] !== false, ...checksums({ checksum: text("checksum"), downChecksum: text("downChecksum") }),
    ...adoptedOf(value["adopted"]),
  }
}

function adoptedOf(value: unknown): { readonly adopted?: AdoptedFrom } {
  if (!isRecord(value)) return {}
  const { tool, id, hashes } = value
  return typeof tool === "string" && typeof id === "string" && Array.isArray(hashes) ? { adopted: { tool, id, hashes: hashes.map(String) } } : {}
}

function refuseTwice(entries: readonly JournalEntry[], path: string): void {
  const seen = new Set<string>()
  for (const { tag } of entries) {
    if (seen.has(tag)) throw broken(path, `${tag} is listed twice`)
    seen.add(tag)
  }
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""))
  } catch (error) {
    throw broken(path, `not JSON (${(error as Error).message})`)
  }
}

function broken(path: string, why: string): Fault {
  return new Fault("failed", `${path}: ${why}`, `take it from git: git checkout -- ${path}`)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
