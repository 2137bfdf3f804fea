import type { PGlite } from "@electric-sql/pglite"
import { EXTENSION_FILES } from "./extension-files.ts"

/** One file of an extension: its path inside the embedded PostgreSQL, and what stands in it. */
type Entry = readonly [path: string, bytes: Uint8Array]

const unpacked = new Map<string, Promise<readonly Entry[]>>()

/** Unpacked once per process, however many databases are opened. */
function entriesOf(name: string): Promise<readonly Entry[]> {
  let entries = unpacked.get(name)
  if (!entries) unpacked.set(name, (entries = unpack(EXTENSION_FILES[name]!)))
  return entries
}

async function unpack(archive: string): Promise<readonly Entry[]> {
  const files = await new Bun.Archive(await Bun.file(archive).bytes()).files()
  return Promise.all([...files].map(async ([path, file]): Promise<Entry> => [`/pglite/${path}`, await file.bytes()]))
}

/** The files of these extensions; to be called early, as it goes on beside a boot. */
export function unpackExtensions(names: readonly string[]): Promise<readonly (readonly Entry[])[]> {
  return Promise.all(names.filter(name => Object.hasOwn(EXTENSION_FILES, name)).map(entriesOf))
}

/**
 * Puts extensions where `CREATE EXTENSION` looks for them. PGlite's own way compiles every library at each boot (0.3 s for all) and
 * reads its archives with a stream, which finds nothing inside a compiled executable; this way a library is compiled when it is used.
 *
 * @param names  as `CREATE EXTENSION` takes them; unknown ones are left for PostgreSQL to refuse
 */
export async function addExtensions(pglite: PGlite, names: readonly string[]): Promise<void> {
  for (const entries of await unpackExtensions(names)) for (const [path, bytes] of entries) pglite.copyToFS(path, bytes)
}
