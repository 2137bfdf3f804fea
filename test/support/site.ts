/** A project folder and a database of its own on a real server, for tests of what can go wrong. */
import { join } from "node:path"
import type { Subprocess } from "bun"
import { ask, eventually } from "./migrating.ts"
import { project, runNself, type Said } from "./nself.ts"
import { startServer, type Major } from "./server.ts"

const MAIN = join(import.meta.dir, "../../src/main.ts")

export interface Running {
  readonly child: Subprocess<"ignore", "pipe", "pipe">
  /** Ends with the process. */
  readonly end: Promise<Said>
}

export interface Site extends AsyncDisposable {
  readonly dir: string
  readonly url: string
  /** Runs a command line to its end. */
  run(args: string | readonly string[], env?: Readonly<Record<string, string>>): Promise<Said>
  /** Starts one that goes on meanwhile. `before`: what stands in front of the command (`timeout`, `unshare` …). */
  start(args: string | readonly string[], env?: Readonly<Record<string, string>>, before?: readonly string[]): Running
  ask<R = Record<string, unknown>>(sql: string): Promise<readonly R[]>
  /** Waits until a backend of this database runs a statement with this in it; its pid. */
  busy(text: string): Promise<number>
  /** Waits until no nself is connected any more. */
  quiet(): Promise<void>
  write(path: string, text: string | Uint8Array): Promise<void>
}

/** `files`: migrations by name (`0001_a.sql`) or any other path; the journal is made. `url`: instead of a new database on this major. */
export async function site(major: Major, files: Readonly<Record<string, string | Uint8Array>>, url?: string): Promise<Site> {
  const database = url ?? (await (await startServer(major)).database())
  const paths = Object.fromEntries(Object.entries(files).map(([path, text]) => [/^\d+_/.test(path) ? `migrations/${path}` : path, text]))
  const { dir, remove } = await project(paths)
  const open = new Set<Running>()
  const start: Site["start"] = (args, env = {}, before = []) => {
    const words = typeof args === "string" ? args.split(" ") : args
    const child = Bun.spawn([...before, process.execPath, MAIN, ...words], {
      cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe",
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", DATABASE_URL: database, ...env },
    })
    const end = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]).then(([stdout, stderr, exit]) => ({ stdout, stderr, exit }))
    const running = { child, end }
    open.add(running)
    void end.finally(() => open.delete(running))
    return running
  }
  return {
    dir, url: database, start,
    run: (args, env = {}) => runNself(dir, args, { env: { DATABASE_URL: database, ...env } }),
    ask: sql => ask(database, sql),
    busy: async text => (await eventually(async () => (await ask<{ pid: number }>(database,
      `select pid from pg_stat_activity where datname = current_database() and state = 'active' and query like '%${text}%' and pid <> pg_backend_pid()`))[0])).pid,
    quiet: async () => void (await eventually(async () => (await ask(database, "select from pg_stat_activity where datname = current_database() and application_name like 'nself%'")).length === 0)),
    write: async (path, text) => void (await Bun.write(join(dir, path), text)),
    [Symbol.asyncDispose]: async () => {
      for (const { child } of open) child.kill("SIGKILL")
      await Promise.all([...open].map(one => one.end))
      await remove()
    },
  }
}

/** What the ledger says, short: `1 applied`. */
export async function ledger(at: Site): Promise<readonly string[]> {
  return (await at.ask<{ row: string }>("select version || ' ' || state as row from np_migrations order by version")).map(one => one.row)
}
