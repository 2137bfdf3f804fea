import { templateFile } from "./template-file.ts"

let read: Promise<Blob> | null = null

/** The data directory of a fresh cluster as a tar archive, unpacked once per process. */
export function template(): Promise<Blob> {
  read ??= (async () => {
    const packed = await Bun.file(await templateFile()).bytes()
    return new Blob([await Bun.zstdDecompress(packed)], { type: "application/x-tar" })
  })()
  return read
}
