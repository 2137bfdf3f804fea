/** Texts written for psql (pg_dump, Hasura exports): SQL, rows behind COPY FROM STDIN, and commands that only psql knows. */

interface Part {
  /** Of its first word, from 1. */
  readonly line: number
  /** Characters (code points, as PostgreSQL counts them) of the whole text in front of `text`. */
  readonly start: number
}

/** One or more statements with the comments between them, as written. */
export interface SqlPart extends Part {
  readonly kind: "sql"
  readonly text: string
}

/** `COPY … FROM stdin;` with the rows that follow it. */
export interface CopyPart extends Part {
  readonly kind: "copy"
  /** The statement without its semicolon. */
  readonly text: string
  /** What goes over the wire: the lines up to `\.`, which is not among them; each ends with a line feed. */
  readonly rows: string
  /** Line of the first row, from 1. */
  readonly rowsLine: number
}

/** A command of psql: a backslash outside of strings and comments, to the end of its line. */
export interface MetaPart extends Part {
  readonly kind: "meta"
  /** Without the backslash: `restrict`, `connect`, `gset`. */
  readonly command: string
  readonly args: string
}

export type PsqlPart = SqlPart | CopyPart | MetaPart

/** What pg_dump writes around a dump to protect psql itself; to everybody else they mean nothing. */
const HARMLESS = ["restrict", "unrestrict"]

/** The commands of psql that would have done something. */
export function psqlCommands(parts: readonly PsqlPart[]): readonly MetaPart[] {
  return parts.filter(part => part.kind === "meta").filter(part => !HARMLESS.includes(part.command))
}

/**
 * A text for psql, taken apart where psql would. PostgreSQL's own parser says where a backslash is a command and where a COPY ends; what it
 * does not understand stays in an SQL part, so that the server says what is wrong with it.
 *
 * @param text  LF line ends, no BOM
 */
export async function splitPsql(text: string): Promise<readonly PsqlPart[]> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  const parts: PsqlPart[] = []
  const place = placer(text)
  let from = 0
  while (from < text.length) {
    const event = nextEvent(text, from, parseSync as Parse)
    pushSql(parts, text.slice(from, event.at), place(from))
    if (event.kind === "end") break
    parts.push(event.kind === "copy" ? copyPart(text, event, place) : metaPart(text, event, place))
    from = event.next
  }
  return parts
}

type Parse = (sql: string) => { readonly stmts?: readonly { readonly stmt?: unknown; readonly stmt_location?: number; readonly stmt_len?: number }[] }

/** What ends a run of SQL. `at`, `next`: indexes into the text. */
type Event =
  | { readonly kind: "end"; readonly at: number; readonly next: number }
  /** `at`: the backslash; `next`: behind its line. */
  | { readonly kind: "meta"; readonly at: number; readonly next: number }
  /** `at`: the word COPY; `end`: its semicolon; `rows` to `rowsEnd`: the rows; `next`: behind `\.`. */
  | { readonly kind: "copy"; readonly at: number; readonly end: number; readonly rows: number; readonly rowsEnd: number; readonly next: number }

/**
 * Reads on from `from` until the parser shows a COPY FROM STDIN or a backslash. It is asked about a growing piece: an event can only be on a
 * line that holds a backslash or names STDIN, so pieces end with such lines, and a piece that ends inside of a string is asked again, longer.
 */
function nextEvent(text: string, from: number, parse: Parse): Event {
  let begin = from
  for (let lines = 1; ; lines *= 2) {
    const end = pieceEnd(text, begin, lines)
    const piece = text.slice(begin, end)
    const found = look(piece, parse)
    if (found.copy) return copyEvent(text, begin + found.copy.start, begin + found.copy.end)
    if (found.backslash !== null) return { kind: "meta", at: begin + found.backslash, next: lineEnd(text, begin + found.backslash) }
    if (end === text.length) return { kind: "end", at: end, next: end }
    // not understood though it is whole: left to the server, and looked at again behind this piece
    if (found.done > 0) [begin, lines] = [begin + found.done, 0.5]
  }
}

/** The end of the `lines`-th line from `begin` on that may hold an event, or of the text. */
function pieceEnd(text: string, begin: number, lines: number): number {
  const candidate = /\\|stdin|stdout/gi
  candidate.lastIndex = begin
  for (let n = 0; n < lines; n++) {
    if (!candidate.test(text)) return text.length
    candidate.lastIndex = lineEnd(text, candidate.lastIndex)
    if (candidate.lastIndex >= text.length) return text.length
  }
  return candidate.lastIndex
}

interface Looked {
  /** The first COPY FROM STDIN that ends with a semicolon. */
  readonly copy: { readonly start: number; readonly end: number } | null
  /** Where a command of psql begins. */
  readonly backslash: number | null
  /** Up to here everything is whole statements without an event; 0 where nothing is known yet. */
  readonly done: number
}

const NOTHING: Looked = { copy: null, backslash: null, done: 0 }

function look(piece: string, parse: Parse): Looked {
  try {
    return { ...NOTHING, ...lookParsed(piece, parse) }
  } catch (error) {
    const { message, sqlDetails } = error as Error & { sqlDetails?: { cursorPosition?: number } }
    const at = indexOfCharacter(piece, sqlDetails?.cursorPosition ?? 0)
    const before = piece.slice(0, at)
    const copy = lastWhole(before, parse)
    if (copy) return { ...NOTHING, copy }
    if (piece[at] === "\\") return { ...NOTHING, backslash: at }
    if (message.startsWith("unterminated") || piece.slice(at).trim() === "") return NOTHING
    return { ...NOTHING, done: piece.length }
  }
}

/** The COPY FROM STDIN in front of what was not understood; rows that happen to be SQL may stand between, so it is looked for line by line backwards. */
function lastWhole(before: string, parse: Parse): Looked["copy"] {
  for (let end = before.length; end > 0; end = before.lastIndexOf(";", end - 2) + 1) {
    try {
      return lookParsed(before.slice(0, end), parse).copy
    } catch {
      continue
    }
  }
  return null
}

function lookParsed(piece: string, parse: Parse): Pick<Looked, "copy" | "done"> {
  const bytes = Buffer.from(piece)
  const index = (byte: number): number => bytes.toString("utf8", 0, byte).length
  let done = 0
  for (const { stmt, stmt_location = 0, stmt_len = 0 } of parse(piece).stmts ?? []) {
    if (stmt_len === 0) return { copy: null, done } // no semicolon behind it
    const end = stmt_location + stmt_len
    if (readsRows(stmt)) return { copy: { start: index(stmt_location), end: index(end) }, done: index(stmt_location) }
    done = end + 1
  }
  return { copy: null, done: index(done) }
}

function readsRows(stmt: unknown): boolean {
  const copy = (stmt as { CopyStmt?: { is_from?: boolean; filename?: string; is_program?: boolean } }).CopyStmt
  return copy !== undefined && copy.is_from === true && !copy.filename && !copy.is_program
}

/** psql reads rows from the next line on, up to a line that is `\.` or the end of the text. */
function copyEvent(text: string, at: number, end: number): Event {
  const rows = lineEnd(text, end)
  const mark = /^\\\.\r?$/gm
  mark.lastIndex = rows
  const found = rows >= text.length ? null : mark.exec(text)
  const rowsEnd = found ? found.index : text.length
  return { kind: "copy", at, end, rows, rowsEnd, next: found ? lineEnd(text, rowsEnd) : text.length }
}

function copyPart(text: string, event: Extract<Event, { kind: "copy" }>, place: Placer): CopyPart {
  const rows = text.slice(event.rows, event.rowsEnd)
  const at = place(event.at)
  return { kind: "copy", ...at, text: text.slice(event.at, event.end), rows: rows === "" || rows.endsWith("\n") ? rows : `${rows}\n`, rowsLine: place(event.rows).line }
}

function metaPart(text: string, { at, next }: Event, place: Placer): MetaPart {
  const [, command = "", args = ""] = /^\\(\S*)[ \t]*(.*?)\s*$/s.exec(text.slice(at, next)) ?? []
  return { kind: "meta", ...place(at), command, args }
}

function pushSql(parts: PsqlPart[], text: string, at: Part): void {
  const trimmed = text.trim()
  if (trimmed === "" || trimmed === ";") return
  const lead = text.length - text.trimStart().length
  parts.push({ kind: "sql", line: at.line + text.slice(0, lead).split("\n").length - 1, start: at.start + lead, text: text.slice(lead) })
}

/** The index behind the line feed that ends the line of `index`; the length of the text on its last line. */
function lineEnd(text: string, index: number): number {
  const at = text.indexOf("\n", index)
  return at < 0 ? text.length : at + 1
}

/** The index of a character, counted from 0 in code points. */
function indexOfCharacter(text: string, characters: number): number {
  let index = 0
  for (let n = 0; n < characters && index < text.length; n++) index += text.codePointAt(index)! > 0xffff ? 2 : 1
  return index
}

type Placer = (index: number) => Part

/** Line and character of growing indexes; the text is walked once. */
function placer(text: string): Placer {
  let [index, line, start] = [0, 1, 0]
  return to => {
    for (; index < to; index++) {
      const unit = text.charCodeAt(index)
      if (unit === 10) line++
      if (unit < 0xdc00 || unit > 0xdfff) start++
    }
    return { line, start }
  }
}
