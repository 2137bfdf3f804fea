import { join, posix } from "node:path"
import { EMPTY_JOURNAL, parseJournal, parseSides, type Journal, type JournalSides } from "../core/journal.ts"
import { readText } from "./read-text.ts"

/** `migrations/meta/_journal.json`, relative to the root, with `/`. */
export function journalPath(out: string): string {
  return posix.join(out.replaceAll("\\", "/"), "meta/_journal.json")
}

/** The project's journal; an empty one when there is none. Throws what `parseJournal` throws. */
export async function readJournal(root: string, out: string): Promise<Journal> {
  const path = journalPath(out)
  const text = await readText([root, join(root, out)], join(root, path), path)
  return text === null ? EMPTY_JOURNAL : parseJournal(text, path)
}

/** The journal as both sides of an unfinished merge have it. Throws what `parseSides` throws. */
export async function readJournalSides(root: string, out: string): Promise<JournalSides> {
  const path = journalPath(out)
  const text = await readText([root, join(root, out)], join(root, path), path)
  return text === null ? { sides: [EMPTY_JOURNAL], line: null } : parseSides(text, path)
}
