import { MemoryFS } from "@electric-sql/pglite"
import { tarEntries } from "./tar.ts"

/** Where PGlite looks for its data. */
const DATA = "/pglite/data"

/**
 * Files in memory that begin with a data directory. PGlite's own `loadDataDir` asks for each folder of each path and copies the bytes twice,
 * which takes a fifth of a boot; these files are the archive's bytes.
 */
export class MemoryFiles extends MemoryFS {
  /** @param archive  an uncompressed tar of a data directory; this database's own from now on, it writes into it */
  constructor(private readonly archive: Uint8Array) {
    super()
  }

  override async initialSyncFs(): Promise<void> {
    const { FS } = this.pg!.Module
    const made = new Set<string>()
    const folder = (path: string): void => {
      if (made.has(path)) return
      FS.mkdirTree(path)
      made.add(path)
    }
    folder(DATA)
    for (const { path, folder: isFolder, bytes } of tarEntries(this.archive)) {
      const full = `${DATA}/${path}`
      const slash = full.lastIndexOf("/")
      folder(isFolder ? full : full.slice(0, slash))
      if (!isFolder) FS.createDataFile(full.slice(0, slash), full.slice(slash + 1), bytes, true, true, true)
    }
  }
}
