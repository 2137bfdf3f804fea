import { resolve, relative } from "node:path"
import type { Context } from "../../core/context.ts"
import { writeGroup } from "../../files/write.ts"

/** Writes a page beside where the person stands, over an older one. Returns the path as it was said. */
export async function writePage({ cwd }: Context, path: string, text: string): Promise<string> {
  const full = resolve(cwd, path)
  await writeGroup(cwd, [{ path: relative(cwd, full), text, replace: true }])
  return path
}
