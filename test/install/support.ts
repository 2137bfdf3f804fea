/** A release as `bun run release` lays it out, served over loopback, and shells that have only the tools they are given. */
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

export const SCRIPT = resolve(import.meta.dir, "../../scripts/install.sh")
export const VERSION = "9.9.9"

export interface Release {
  /** The folder with `latest` and `v9.9.9/`. */
  readonly dir: string
  readonly url: string
  readonly archive: string
  /** Answers with these bytes instead; `null`: 404. */
  readonly replace: (path: string, bytes: Uint8Array | null, options?: { readonly length?: number }) => void
  readonly bytes: (path: string) => Promise<Uint8Array>
  readonly remove: () => Promise<void>
}

const FAKE = `#!/bin/sh\necho ${VERSION}\n`

/** `program`: what the archive's `nself` is; a script that prints its version without it. */
export async function release(platforms: readonly string[] = ["linux-x64"], program = FAKE): Promise<Release> {
  const dir = await mkdtemp(join(tmpdir(), "nself-release-"))
  const folder = join(dir, `v${VERSION}`)
  await mkdir(folder)
  await writeFile(join(folder, "nself"), program, { mode: 0o755 })
  const sums: string[] = []
  for (const platform of platforms) {
    const stem = `nself-${VERSION}-${platform}.tar`
    await run(["tar", "-cf", stem, "nself"], folder)
    const tar = await Bun.file(join(folder, stem)).bytes()
    await rm(join(folder, stem))
    for (const [archive, bytes] of [[`${stem}.gz`, Bun.gzipSync(tar)], [`${stem}.zst`, await Bun.zstdCompress(tar)]] as const) {
      await writeFile(join(folder, archive), bytes)
      sums.push(`${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}  ${archive}\n`)
    }
  }
  await rm(join(folder, "nself"))
  await writeFile(join(folder, "SHA256SUMS"), sums.join(""))
  await writeFile(join(dir, "latest"), `${VERSION}\n`)
  return served(dir, `/v${VERSION}/nself-${VERSION}-${platforms[0]}.tar.gz`)
}

function served(dir: string, archive: string): Release {
  const replaced = new Map<string, { readonly bytes: Uint8Array | null; readonly length?: number }>()
  const listener = Bun.listen<{ text: string }>({
    hostname: "127.0.0.1", port: 0,
    socket: {
      open: socket => void (socket.data = { text: "" }),
      async data(socket, chunk) {
        socket.data.text += chunk.toString()
        if (!socket.data.text.includes("\r\n\r\n")) return
        const path = /^GET (\S+)/.exec(socket.data.text)?.[1] ?? ""
        const given = replaced.get(path)
        const bytes = given ? given.bytes : await Bun.file(join(dir, path)).bytes().catch(() => null)
        // by hand, because a server library would not promise more bytes than it sends
        socket.write(bytes ? `HTTP/1.1 200 OK\r\nContent-Length: ${given?.length ?? bytes.length}\r\nConnection: close\r\n\r\n` : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        if (bytes) socket.write(bytes)
        socket.end()
      },
    },
  })
  return {
    dir, archive, url: `http://127.0.0.1:${listener.port}`,
    replace: (path, bytes, options = {}) => void replaced.set(path, { bytes, ...options }),
    bytes: path => Bun.file(join(dir, path)).bytes(),
    remove: async () => {
      listener.stop(true)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** What every shell script may count on. */
const TOOLS = ["sh", "awk", "cat", "chmod", "cp", "grep", "gzip", "head", "id", "mkdir", "mktemp", "mv", "rm", "tar", "tr", "uname", "sleep"]

/** A folder that holds these tools alone; `fakes` are scripts under their names. */
export async function toolbox(names: readonly string[], fakes: Readonly<Record<string, string>> = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "nself-tools-"))
  for (const name of [...TOOLS, ...names]) if (!(name in fakes)) await symlink(Bun.which(name)!, join(dir, name))
  for (const [name, text] of Object.entries(fakes)) {
    await writeFile(join(dir, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(dir, name), 0o755)
  }
  return dir
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export async function run(command: readonly string[], cwd = "/", env: Readonly<Record<string, string>> = { PATH: "/usr/bin:/bin" }): Promise<Ran> {
  const child = Bun.spawn([...command], { cwd, env: { ...env }, stdout: "pipe", stderr: "pipe", stdin: "ignore" })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, err }
}

/** All files below a folder, hidden ones too; empty where there is none. */
export async function filesIn(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)).toSorted()
}
