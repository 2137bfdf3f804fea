import type { BunPlugin } from "bun"
import { mkdir } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"

/**
 * Extensions come as `.tar.gz`, and what is compressed once is not compressed again: as plain tar archives they make the executable larger and every download of it
 * smaller. `src/shadow/extensions.ts` reads either.
 */
export function looseArchives(root: string): BunPlugin {
  const folder = join(root, ".cache", "archives")
  return {
    name: "loose-archives",
    setup(build) {
      build.onResolve({ filter: /\.tar\.gz$/ }, async ({ path, importer }) => {
        const target = join(folder, basename(path, ".gz"))
        await mkdir(folder, { recursive: true })
        await Bun.write(target, Bun.gunzipSync(await Bun.file(resolve(dirname(importer), path)).bytes()))
        return { path: target }
      })
    },
  }
}
