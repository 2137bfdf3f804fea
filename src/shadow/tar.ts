/** Bytes of a tar header, and what its entries are padded to. */
const BLOCK = 512

export interface TarEntry {
  /** Without a slash in front or behind. */
  readonly path: string
  readonly folder: boolean
  /** A view into the archive. */
  readonly bytes: Uint8Array
  /** The same with header and padding. */
  readonly whole: Uint8Array
}

/** @param tar  an uncompressed archive (ustar, names of up to 100 bytes) of files and folders */
export function* tarEntries(tar: Uint8Array): Generator<TarEntry> {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = Number.parseInt(textAt(tar, at + 124, 12), 8)
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK
    yield { path: textAt(tar, at, 100).replace(/^\.?\/|\/$/g, ""), folder: textAt(tar, at + 156, 1) === "5", bytes: tar.subarray(at + BLOCK, at + BLOCK + size), whole: tar.subarray(at, end) }
    at = end
  }
}

/** A tar archive without the entries that `drop` names. */
export function leanTar(tar: Uint8Array, drop: (path: string) => boolean): Uint8Array {
  return Buffer.concat([...[...tarEntries(tar)].filter(({ path }) => !drop(path)).map(({ whole }) => whole), new Uint8Array(2 * BLOCK)])
}

function textAt(tar: Uint8Array, start: number, length: number): string {
  const end = tar.indexOf(0, start)
  return Buffer.from(tar.buffer, tar.byteOffset + start, Math.min(end < 0 ? length : end - start, length)).toString("latin1")
}
