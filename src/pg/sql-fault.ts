import { Fault } from "../core/fault.ts"
import { detailLines } from "../core/row-data.ts"
import { codeFrame, lineAt, type Place } from "../core/source.ts"
import type { PgError, SqlFile } from "../core/types.ts"

/** How a statement of a file is found; offsets are characters, as PostgreSQL counts them. */
export interface Span {
  /** Characters from 0 to its first word. */
  readonly start: number
  readonly text: string
}

/**
 * What PostgreSQL said about a file: file, line, column, the line with a caret, message, detail, context, hint.
 *
 * @param statements  the file's statements; where the error has no position, its statement's first line is shown
 * @param after       what this means for the database, one sentence
 * @param offset      characters of the file in front of what was sent; `position` counts from there
 */
export function sqlFault(file: SqlFile, error: Error & PgError, statements: readonly Span[], after: string, offset = 0): Fault {
  const place = placeOf(file.text, error, statements, offset)
  const where = place ? `${file.path}:${place.line}:${place.column}` : file.path
  const lines = [
    `${where}: ${error.message}`,
    ...(place ? [codeFrame(place)] : []),
    ...detailLines(error),
    ...(error.hint ? [`PostgreSQL's hint: ${error.hint}`] : []),
    `SQLSTATE ${error.code}. ${after}`,
  ]
  return new Fault("failed", lines.join("\n"), hintFor(file, error), error)
}

function placeOf(text: string, error: PgError, statements: readonly Span[], offset: number): Place | null {
  if (error.position) return lineAt(text, offset + Number(error.position))
  const statement = error.statement === undefined ? undefined : statements[error.statement]
  return statement ? lineAt(text, statement.start + 1) : null
}

function hintFor(file: SqlFile, error: PgError): string {
  switch (error.code) {
    case "55P04": return `PostgreSQL uses a new enum value only after its transaction; put ALTER TYPE … ADD VALUE of ${file.path} into a migration of its own`
    case "25001":
    case "2D000": return `let the first line of ${file.path} say -- nself:no-transaction, then run the command again`
    case "42501": return "run nself as the owner of these objects, or grant the right that is missing, then run the command again"
    case "53100": return "free disk space on the server, then run the command again"
    case "53200": return "raise max_locks_per_transaction on the server, or split the migration, then run the command again"
    case "57014": return "run the command again; if --statement-timeout did this, give it more"
    default: return `correct ${file.path}, then run the command again`
  }
}
