import type { BunPlugin } from "bun"
import { Glob } from "bun"
import { dirname, join, resolve } from "node:path"

/** What only `initdb` and whoever compiles an extension reads; nself carries a cluster that is made. */
const NEEDLESS = /\/share\/postgresql\/(postgres\.bki|[^/]+\.sql|sql_features\.txt|[^/]+\.sample|errcodes\.txt)$|\/pgxs\//

/** The files that PGlite brings along, in one: what nobody reads becomes zeros, so that all others stay in their places. */
export function leanFiles(root: string): BunPlugin {
  return {
    name: "lean-files",
    setup(build) {
      build.onResolve({ filter: /pglite\/pglite\.data$/ }, async ({ path, importer }) => {
        const from = Bun.resolveSync(path, dirname(resolve(importer)))
        const bytes = await Bun.file(from).bytes()
        for (const { filename, start, end } of await contentsOf(dirname(from))) if (NEEDLESS.test(filename)) bytes.fill(0, start, end)
        const target = join(root, ".cache", "pglite.data")
        await Bun.write(target, bytes)
        return { path: target }
      })
    },
  }
}

interface Part {
  readonly filename: string
  readonly start: number
  readonly end: number
}

/** Emscripten writes the table of contents into the program: `{filename:"/pglite/bin/postgres",start:242,end:261}`. */
async function contentsOf(folder: string): Promise<readonly Part[]> {
  for (const name of new Glob("chunk-*.js").scanSync(folder)) {
    const found = [...(await Bun.file(join(folder, name)).text()).matchAll(/\{filename:"(\/[^"]+)",start:(\d+),end:(\d+)\}/g)]
    if (found.length > 0) return found.map(([, filename, start, end]) => ({ filename: filename!, start: Number(start), end: Number(end) }))
  }
  throw new Error(`no table of contents in ${folder}; look at scripts/build/lean-files.ts`)
}
