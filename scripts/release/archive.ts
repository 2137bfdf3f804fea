import { cp, mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** A file that goes into an archive, under this path. */
export interface Packed {
  readonly path: string
  readonly from: string | { readonly text: string }
}

/** Level 22 and not 19, because it sees 128 MB back: the binary is larger than what 19 remembers. */
const ZSTD_LEVEL = 22

/**
 * Writes `<stem>.tar.gz` and `<stem>.tar.zst` with the same files. The same files give the same bytes: names sorted, no owner, no clock.
 * @param fast  hardly compressed
 * Source of the flags: reproducible-builds.org, "Archive metadata".
 */
export async function archive(stem: string, files: readonly Packed[], fast = false): Promise<readonly string[]> {
  const dir = await mkdtemp(join(tmpdir(), "nself-archive-"))
  try {
    for (const { path, from } of files) await place(join(dir, path), from)
    await run(["chmod", "-R", "u=rwX,go=rX", dir])
    const paths = files.map(file => file.path).toSorted()
    await run(["tar", "--create", "--file", `${stem}.tar`, "--format=ustar", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "-C", dir, ...paths])
    const tar = await Bun.file(`${stem}.tar`).bytes()
    await Bun.write(`${stem}.tar.gz`, Bun.gzipSync(tar, { level: fast ? 1 : 9 }))
    await Bun.write(`${stem}.tar.zst`, await Bun.zstdCompress(tar, { level: fast ? 1 : ZSTD_LEVEL }))
    return [`${stem}.tar.gz`, `${stem}.tar.zst`]
  } finally {
    await rm(`${stem}.tar`, { force: true })
    await rm(dir, { recursive: true, force: true })
  }
}

async function place(target: string, from: Packed["from"]): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  if (typeof from === "string") await cp(from, target)
  else await Bun.write(target, from.text)
}

async function run(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { stdout: "ignore", stderr: "pipe" })
  const [said, code] = await Promise.all([child.stderr.text(), child.exited])
  if (code !== 0) throw new Error(`${command[0]}: ${said}`)
}
