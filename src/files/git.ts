import { sha256 } from "../core/checksum.ts"

/** What git says on stdout, or `null` where it says no: outside a repository, for a file it does not know, without git. */
export async function git(root: string, args: readonly string[]): Promise<string | null> {
  try {
    const child = Bun.spawn(["git", ...args], { cwd: root, stdout: "pipe", stderr: "ignore", stdin: "ignore" })
    const said = await new Response(child.stdout).text()
    return (await child.exited) === 0 ? said : null
  } catch {
    return null
  }
}

/** Who brought a file into the repository, by name; `unknown` where git cannot say. */
export async function authorOf(root: string, path: string): Promise<string> {
  const heads = (await git(root, ["rev-parse", "-q", "--verify", "MERGE_HEAD"])) === null ? [] : ["HEAD", "MERGE_HEAD"]
  const said = await git(root, ["log", ...heads, "--diff-filter=A", "--format=%an", "--", path])
  return said?.trim().split("\n").at(-1) || "unknown"
}

/** The commit that both have grown from; `null` where there is none or `ref` is not known. */
export async function mergeBase(root: string, ref: string): Promise<string | null> {
  return (await git(root, ["merge-base", "HEAD", ref]))?.trim() || null
}

/** `ref` as a commit's name; `null` where git does not know it. */
export async function commitOf(root: string, ref: string): Promise<string | null> {
  return (await git(root, ["rev-parse", "-q", "--verify", "--end-of-options", `${ref}^{commit}`]))?.trim() || null
}

/** Names of the files directly in `folder` (relative to `root`) at a commit. */
export async function namesAt(root: string, commit: string, folder: string): Promise<readonly string[]> {
  const said = await git(root, ["ls-tree", "-z", "--name-only", `${commit}:./${folder}`])
  return (said ?? "").split("\0").filter(name => name !== "")
}

/** A file's text at a commit, `null` where it was not there. `path` is relative to `root`. */
export async function textAt(root: string, commit: string, path: string): Promise<string | null> {
  return git(root, ["show", `${commit}:./${path}`])
}

/** An earlier text of a file. */
export interface OldText {
  readonly text: string
  /** The commit that has it, shortened. */
  readonly commit: string
  readonly author: string
  /** `2026-05-01` */
  readonly date: string
}

/** The text with this checksum (64 hex digits) that a file once had, newest commit first; `null` where git does not know it. */
export async function oldText(root: string, path: string, checksum: string): Promise<OldText | null> {
  const log = await git(root, ["log", "--all", "--format=%h%x09%an%x09%as", "--", path])
  for (const line of (log ?? "").split("\n").filter(one => one !== "")) {
    const [commit, author, date] = line.split("\t") as [string, string, string]
    const text = await textAt(root, commit, path)
    if (text !== null && sha256(text) === checksum) return { text, commit, author, date }
  }
  return null
}

/** Who works here, for notes that say who did something: git's `user.name`, `null` where there is none. */
export async function userName(root: string): Promise<string | null> {
  return (await git(root, ["config", "user.name"]))?.trim() || null
}

/** The commit that brought a file into the repository; `null` where git does not know it. */
export async function addedIn(root: string, path: string): Promise<string | null> {
  const said = await git(root, ["log", "--all", "--diff-filter=A", "--format=%H", "--", path])
  return said?.trim().split("\n").at(-1) || null
}
