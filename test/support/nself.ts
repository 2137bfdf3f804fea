import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checksum } from "./checksum.ts"

export const MAIN = join(import.meta.dir, "../../src/main.ts")

export interface Said {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

export interface Typing {
  readonly env?: Readonly<Record<string, string>>
  /** A program that starts it with less: `["setpriv", "--reuid", "65534", …]`. */
  readonly through?: readonly string[]
}

/** Runs a command line as a person would, with nothing of this process' environment but the PATH. `args`: split at spaces, or a list. */
export async function runNself(dir: string, args: string | readonly string[], { env = {}, through = [] }: Typing = {}): Promise<Said> {
  const words = typeof args === "string" ? args.split(" ").filter(word => word !== "") : args
  const child = Bun.spawn([...through, process.execPath, "--no-env-file", MAIN, ...words], {
    cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe",
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", ...env },
  })
  const [stdout, stderr, exit] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
  return { stdout, stderr, exit }
}

/** The same as one block: what was typed, what was said where, how it ended. Durations, times, addresses and folders are made alike. */
export async function nself(dir: string, args: string | readonly string[], options: Typing = {}): Promise<string> {
  const { stdout, stderr, exit } = await runNself(dir, args, options)
  const block = (name: string, text: string): string[] => (text === "" ? [] : [`--- ${name}`, alike(text.replace(/\n$/, ""), dir)])
  return [`$ nself ${typeof args === "string" ? args : args.join(" ")}`, ...block("stdout", stdout), ...block("stderr", stderr), `--- exit ${exit}`].join("\n")
}

function alike(text: string, dir: string): string {
  return text
    .replaceAll(dir, "<dir>")
    .replace(/\(\d+ms\)/g, "(42ms)")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "2026-05-01 10:00:00")
    .replace(/127\.0\.0\.1:\d+\/\w+/g, "127.0.0.1:5432/app")
    .replace(/--database t\d+_\w+/g, "--database app")
    .replace(/[ \t]+$/gm, "")
}

/** A new project folder with these files, journal included when `migrations/*.sql` are among them and no journal is. Removed by `remove`. */
export async function project(files: Readonly<Record<string, string | Uint8Array>>): Promise<{ readonly dir: string; readonly remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "nself-story-"))
  for (const [path, text] of Object.entries({ ...journalFor(files), ...files })) await Bun.write(join(dir, path), text)
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}

const JOURNAL = "migrations/meta/_journal.json"

function journalFor(files: Readonly<Record<string, string | Uint8Array>>): Readonly<Record<string, string>> {
  const ups = Object.keys(files).filter(path => /^migrations\/\d+_[\w-]+\.sql$/.test(path)).toSorted()
  const entries = ups.map((path, idx) => {
    const down = files[path.replace(/\.sql$/, ".down.sql")]
    return { idx, version: "7", when: idx, tag: path.slice(11, -4), breakpoints: true, checksum: checksum(files[path]!), ...(down === undefined ? {} : { downChecksum: checksum(down) }) }
  })
  return ups.length === 0 ? {} : { [JOURNAL]: JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2) }
}
