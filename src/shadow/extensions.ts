import type { PGlite } from "@electric-sql/pglite"
import { readFileSync } from "node:fs"
import { EXTENSION_FILES } from "./extension-files.ts"
import { tarEntries } from "./tar.ts"

/** Where PostgreSQL looks for what belongs to an extension. */
const FOLDERS = ["share/postgresql/extension", "share/postgresql/tsearch_data", "lib/postgresql"].map(folder => `/pglite/${folder}`)

/** What Emscripten has for a folder in memory. */
interface Folder {
  readonly contents: Readonly<Record<string, Folder>>
  node_ops: { readonly lookup: (folder: Folder, name: string) => Folder; readonly readdir: (folder: Folder) => string[] }
}

/**
 * Puts extensions where PostgreSQL looks for them, once it looks for one that is not there yet: most schemas need none, and all of them together take
 * a tenth of a boot. PGlite's own way compiles every library at each boot (0.3 s for all) and reads its archives with a stream, which finds nothing
 * inside a compiled executable; this way a library is compiled when it is used.
 */
export function lendExtensions(pglite: PGlite): void {
  const { FS } = pglite.Module
  const left = new Set(Object.keys(EXTENSION_FILES))
  let adding = false // who writes a file looks first whether it is there
  const add = (names: Iterable<string>): void => {
    if (adding) return
    adding = true
    for (const name of [...names]) {
      left.delete(name)
      for (const { path, folder, bytes } of tarEntries(archiveOf(name))) if (!folder) pglite.copyToFS(`/pglite/${path}`, bytes)
    }
    adding = false
  }
  for (const path of FOLDERS) {
    const place = FS.lookupPath(path, {}).node as unknown as Folder
    const { lookup, readdir } = place.node_ops
    place.node_ops = {
      ...place.node_ops,
      // the files of most extensions begin with its name; a library may have another one
      lookup: (folder, name) => (add(left.has(stemOf(name)) ? [stemOf(name)] : left), folder.contents[name] ?? lookup(folder, name)),
      readdir: folder => (add(left), readdir(folder)),
    }
  }
}

/** A tar; inside an executable it lies as it is, elsewhere as its package has it, under gzip (which begins with these two bytes). */
function archiveOf(name: string): Uint8Array {
  const bytes = readFileSync(EXTENSION_FILES[name]!)
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? Bun.gunzipSync(bytes) : bytes
}

/** `vector` of `vector--0.8.1.sql`, `vector.control`, `vector.so`. */
const stemOf = (file: string): string => file.split(/--|\./, 1)[0]!
