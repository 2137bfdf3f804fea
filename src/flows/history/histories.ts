import type { Catalog } from "../../core/catalog.ts"
import type { Migration, SqlFile } from "../../core/types.ts"
import type { Declared } from "../../drizzle/declared.ts"
import { cacheKey, readCache, writeCache, type Cached } from "../../files/cache.ts"
import { readersFingerprint } from "../../kinds/fingerprint.ts"
import { inspect } from "../../kinds/inspect.ts"
import { HOME } from "../database.ts"
import { replay } from "./replay.ts"
import type { Shadows } from "./shadows.ts"

/** What a replay's outcome depends on. */
export interface HistoryPlace {
  readonly root: string
  /** nself's own version. */
  readonly version: string
  readonly shadows: Shadows
}

/** The catalog that files give in a shadow; with a warm cache nothing is started and nothing replayed. */
export async function historyOf(place: HistoryPlace, files: readonly Migration[]): Promise<Cached> {
  const [history] = await historiesOf(place, [files])
  return history!
}

/** The same for several lists of files; one shadow goes from each list to the next as long as the next one only goes on. */
export async function historiesOf(place: HistoryPlace, lists: readonly (readonly Migration[])[]): Promise<readonly Cached[]> {
  const found = await Promise.all(lists.map(files => readCache(place.root, historyKey(place, files))))
  if (found.every(one => one !== null)) return found
  const result: Cached[] = []
  let open: { readonly session: Awaited<ReturnType<Shadows["open"]>>; done: readonly Migration[] } | null = null
  try {
    for (const [i, files] of lists.entries()) {
      if (found[i]) {
        result.push(found[i])
        continue
      }
      if (!open || !open.done.every((file, at) => files[at] === file)) {
        await open?.session.close()
        open = { session: await place.shadows.open(), done: [] }
      }
      await replay(open.session, files.slice(open.done.length))
      open.done = files
      const made: Cached = { engine: open.session.engine, catalog: await inspect(open.session.query, HOME) }
      await writeCache(place.root, historyKey(place, files), made)
      result.push(made)
    }
  } finally {
    await open?.session.close()
  }
  return result
}

/** Everything that decides what the replay of these files gives. */
export function historyKey({ version, shadows }: HistoryPlace, files: readonly { readonly up: Pick<SqlFile, "sha256"> }[]): string {
  return cacheKey(["history", version, readersFingerprint(), shadows.key, HOME, ...files.map(file => file.up.sha256)])
}

/** What a schema says, as far as its catalog depends on it. */
export interface SchemaTexts {
  readonly declared: Pick<Declared, "statements" | "tables">
  readonly sqlFiles: readonly SqlFile[]
  readonly updatedAtTriggers: boolean
}

/** Everything that decides which catalog a schema stands for, seen from these files. */
function declaredKey(place: HistoryPlace, files: readonly Migration[], { declared: { statements, tables }, sqlFiles, updatedAtTriggers }: SchemaTexts): string {
  const said = tables.map(({ schema, name, hasUpdatedAt }) => [schema, name, hasUpdatedAt])
  return cacheKey(["declared", historyKey(place, files), String(updatedAtTriggers), JSON.stringify(said), ...statements, ...sqlFiles.map(file => file.sha256)])
}

/**
 * The catalog that a schema stands for, seen from these files; known from another time, or made now.
 *
 * @param keep  whether what was made is worth keeping
 */
export async function declaredOf(place: HistoryPlace, files: readonly Migration[], schema: SchemaTexts, make: () => Promise<Cached>, keep: (catalog: Catalog) => boolean = () => true): Promise<Catalog> {
  const key = declaredKey(place, files, schema)
  const known = await readCache(place.root, key)
  if (known) return known.catalog
  const made = await make()
  if (keep(made.catalog)) await writeCache(place.root, key, made)
  return made.catalog
}
