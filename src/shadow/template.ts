import { unpackAsPartOf } from "./dictionary.ts"
import { unpackImage, type Image } from "./image.ts"
import { templateFile } from "./template-file.ts"

/** What a database starts from: the data directory of a whole `cluster`, or the image that every `shadow` goes on from. */
export type Template = "cluster" | "shadow"

let cluster: Promise<Blob> | null = null
let image: Promise<Image> | null = null

/** The data directory of a fresh cluster as a tar archive, unpacked once per process. */
export function clusterTemplate(): Promise<Blob> {
  cluster ??= unpack("cluster").then(tar => new Blob([tar as Uint8Array<ArrayBuffer>], { type: "application/x-tar" }))
  return cluster
}

/** The image of a shadow, unpacked once per process. */
export function shadowImage(): Promise<Image> {
  image ??= unpack("shadow").then(unpackImage)
  return image
}

async function unpack(kind: Template): Promise<Uint8Array<ArrayBufferLike>> {
  const { path, packed } = await templateFile(kind)
  const bytes = await Bun.file(path).bytes()
  return packed === "loose" ? bytes : packed === "zstd" ? Bun.zstdDecompress(bytes) : unpackAsPartOf(bytes, await unpack(packed.asPartOf))
}
