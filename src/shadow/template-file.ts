import { mkdir, rename } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Template } from "./template.ts"

const ROOT = join(import.meta.dir, "../..")

export interface TemplateFile {
  readonly path: string
  /** `loose`: as it is. `zstd`: compressed by itself. Else the template that has to be unpacked before it, because it was packed with `packAsPartOf`. */
  readonly packed: "loose" | "zstd" | { readonly asPartOf: Template }
}

/** Where a template is, made at the first use. A compiled nself carries both: `scripts/build.ts` puts another module in the place of this one. */
export async function templateFile(kind: Template): Promise<TemplateFile> {
  const path = await cached(kind)
  if (!(await Bun.file(path).exists())) await keep(path, await make(kind))
  return { path, packed: "zstd" }
}

/** Beside the sources, out of git; named after what it was made from, because another PGlite could not go on from it. */
async function cached(kind: Template): Promise<string> {
  const manifest: { version: string } = await Bun.file(join(ROOT, "node_modules/@electric-sql/pglite/package.json")).json()
  const sources = ["boot", "capture", "image", "make-template"].map(name => join(import.meta.dir, `${name}.ts`))
  const hash = new Bun.CryptoHasher("sha256")
  for (const source of sources) hash.update(await Bun.file(source).bytes())
  return join(ROOT, ".cache", `pglite-${manifest.version}-${hash.digest("hex").slice(0, 12)}-${kind === "cluster" ? "cluster.tar" : "shadow.image"}.zst`)
}

async function make(kind: Template): Promise<Uint8Array> {
  const { makeCluster, makeImage } = await import("./make-template.ts")
  return kind === "cluster" ? makeCluster() : makeImage(await Bun.zstdDecompress(await Bun.file((await templateFile("cluster")).path).bytes()))
}

/** Whole or not at all, so that several may do it at once. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const fresh = `${path}.${Bun.randomUUIDv7()}`
  await Bun.write(fresh, await Bun.zstdCompress(bytes, { level: 9 }))
  await rename(fresh, path)
}
