import { promisify } from "node:util"
import { constants, zstdCompress, zstdDecompress } from "node:zlib"

/** What both look back over: 128 MB, which holds either and the other. */
const WINDOW_LOG = 27

/** Packs what is much like something else that will be there when it is unpacked. */
export async function packAsPartOf(bytes: Uint8Array, other: Uint8Array): Promise<Uint8Array> {
  return promisify(zstdCompress)(bytes, { dictionary: other, params: { [constants.ZSTD_c_compressionLevel]: 22, [constants.ZSTD_c_windowLog]: WINDOW_LOG } } as object)
}

/** The opposite of `packAsPartOf`, with the same `other`. */
export async function unpackAsPartOf(packed: Uint8Array, other: Uint8Array): Promise<Uint8Array> {
  return promisify(zstdDecompress)(packed, { dictionary: other, params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG } } as object) as Promise<Buffer>
}
