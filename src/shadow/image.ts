/**
 * A PGlite that was started and then stood still: its files, the ones it has open, and what is in its memory. It goes on from there in a tenth of the
 * time that a start takes, with everything still known that it had looked up and planned.
 */
export interface Image {
  /** Below `FOLDERS`, a folder before what is in it. */
  readonly files: readonly ImageFile[]
  readonly open: readonly OpenFile[]
  /** Its working directory. */
  readonly folder: string
  /** Numbers of the array types and of what is in them, which PGlite asks for at each start. */
  readonly arrays: readonly (readonly [array: number, element: number])[]
  /** Where the stack ends. */
  readonly stack: number
  /** What differs from the memory of a PGlite that was never started, in order. */
  readonly memory: readonly Piece[]
}

export interface ImageFile {
  readonly path: string
  /** `null`: a folder. */
  readonly bytes: Uint8Array | null
}

export interface OpenFile {
  readonly descriptor: number
  readonly path: string
  /** As `open(2)` takes them. */
  readonly flags: number
  readonly position: number
}

export interface Piece {
  readonly at: number
  readonly bytes: Uint8Array
}

/** Where a PGlite that lives in memory writes. */
export const FOLDERS = ["/pglite/data", "/dev/shm"]

/** An image's table of contents, in front of the bytes it tells the lengths of. */
interface Contents extends Pick<Image, "open" | "folder" | "arrays" | "stack"> {
  readonly files: readonly (readonly [path: string, length: number | null])[]
  readonly memory: readonly (readonly [at: number, length: number])[]
}

const HEAD = 4

/** As one file: the length of the contents in four bytes, the contents as JSON, the files, the memory. */
export function packImage({ files, memory, ...rest }: Image): Uint8Array {
  const contents: Contents = { ...rest, files: files.map(({ path, bytes }) => [path, bytes?.length ?? null]), memory: memory.map(({ at, bytes }) => [at, bytes.length]) }
  const json = Buffer.from(JSON.stringify(contents))
  const head = Buffer.alloc(HEAD)
  head.writeUInt32LE(json.length)
  return Buffer.concat([head, json, ...files.flatMap(({ bytes }) => bytes ?? []), ...memory.map(({ bytes }) => bytes)])
}

/** The opposite of `packImage`; the bytes of files and memory are views. */
export function unpackImage(packed: Uint8Array): Image {
  const start = HEAD + new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)
  const { files, memory, ...rest }: Contents = JSON.parse(new TextDecoder().decode(packed.subarray(HEAD, start)))
  let at = start
  const next = (length: number): Uint8Array => packed.subarray(at, (at += length))
  return { ...rest, files: files.map(([path, length]) => ({ path, bytes: length === null ? null : next(length) })), memory: memory.map(([at, length]) => ({ at, bytes: next(length) })) }
}
