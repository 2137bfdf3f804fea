/** Bytes of a tar header, and what its entries are padded to. */
const BLOCK = 512

/**
 * A tar archive without the entries that `drop` names.
 *
 * @param tar   an uncompressed archive (ustar, names of up to 100 bytes)
 * @param drop  asked with each entry's path, without a slash in front
 */
export function leanTar(tar: Uint8Array, drop: (path: string) => boolean): Uint8Array {
  const kept: Uint8Array[] = []
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = Number.parseInt(textAt(tar, at + 124, 12), 8)
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK
    if (!drop(textAt(tar, at, 100).replace(/^\.?\//, ""))) kept.push(tar.subarray(at, end))
    at = end
  }
  return Buffer.concat([...kept, new Uint8Array(2 * BLOCK)])
}

function textAt(tar: Uint8Array, start: number, length: number): string {
  return Buffer.from(tar.subarray(start, start + length)).toString("latin1").split("\0")[0]!
}
