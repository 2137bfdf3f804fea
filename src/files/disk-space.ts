import { statfs } from "node:fs/promises"

/** Free bytes of the disk that holds `path`, as far as this user may use them; `null` where it cannot be seen from here. */
export async function freeSpace(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    return null
  }
}
