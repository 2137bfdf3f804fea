import { templateFile } from "./template-file.ts"

/** What a database starts from: a whole `cluster`, or the lean one that a `shadow` lives on. */
export type Template = "cluster" | "shadow"

const read = new Map<Template, Promise<Blob>>()

/** The data directory of a fresh cluster as a tar archive, unpacked once per process. */
export function template(kind: Template): Promise<Blob> {
  const known = read.get(kind)
  if (known) return known
  const made = unpack(kind)
  read.set(kind, made)
  return made
}

async function unpack(kind: Template): Promise<Blob> {
  const packed = await Bun.file(await templateFile(kind)).bytes()
  return new Blob([await Bun.zstdDecompress(packed)], { type: "application/x-tar" })
}
