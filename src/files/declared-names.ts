import { join } from "node:path"
import { readText } from "./read-text.ts"

export interface DeclaredName {
  readonly name: string
  /** Relative to the root. */
  readonly file: string
  /** From 1. */
  readonly line: number
}

const TABLE = /\b(?:pgTable|\w+\.table)\(\s*["'`]([^"'`]+)["'`]/g

/** Every `pgTable("name"` that stands in these files, exported or not; a declaration in a line comment does not count. */
export async function declaredNames(root: string, files: readonly string[]): Promise<readonly DeclaredName[]> {
  const texts = await Promise.all(files.map(async file => ({ file, text: (await readText(root, join(root, file), file)) ?? "" })))
  return texts.flatMap(({ file, text }) => [...text.matchAll(TABLE)].flatMap(found => {
    const before = text.slice(0, found.index).split("\n")
    return before.at(-1)!.includes("//") ? [] : [{ name: found[1]!, file, line: before.length }]
  }))
}
