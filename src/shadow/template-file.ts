import { join } from "node:path"
import { makeTemplate } from "./make-template.ts"
import type { Template } from "./template.ts"

/** Beside the sources, out of git; named after the PGlite that made it, because another one could not read it. */
async function cached(kind: Template): Promise<string> {
  const root = join(import.meta.dir, "../..")
  const manifest: { version: string } = await Bun.file(join(root, "node_modules/@electric-sql/pglite/package.json")).json()
  return join(root, ".cache", `pglite-${manifest.version}-${kind}.tar.zst`)
}

/** Path of a template, made at the first use. A compiled nself carries both: `scripts/build.ts` puts another module in the place of this one. */
export async function templateFile(kind: Template): Promise<string> {
  const path = await cached(kind)
  if (!(await Bun.file(path).exists())) await makeTemplate(path, kind)
  return path
}
