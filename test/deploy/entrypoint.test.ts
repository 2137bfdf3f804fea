import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { ask, eventually } from "../support/migrating.ts"
import { project } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

const root = resolve(import.meta.dir, "../..")
const ENTRYPOINT = join(root, "docker/entrypoint.sh")
let server: TestServer
let bin: string
const removes: (() => Promise<void>)[] = []
beforeAll(async () => {
  server = await startServer(17)
  bin = await mkdtemp(join(tmpdir(), "nself-bin-"))
  await writeFile(join(bin, "nself"), `#!/bin/sh\nexec ${process.execPath} --no-env-file ${root}/src/main.ts "$@"\n`, { mode: 0o755 })
  await chmod(bin, 0o755)
}, 60_000)
// one after the other: a folder gets its rights back before it is removed
afterEach(async () => {
  for (const remove of removes.splice(0)) await remove()
})
afterAll(() => rm(bin, { recursive: true, force: true }))

const MIGRATION = { "migrations/0001_initial.sql": "CREATE TABLE runs (id int GENERATED ALWAYS AS IDENTITY);\nINSERT INTO runs DEFAULT VALUES;\n" }

interface Container {
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => void
  readonly err: () => string
  readonly end: Promise<{ readonly code: number; readonly out: string; readonly err: string }>
}

async function container(files: Readonly<Record<string, string>> = MIGRATION) {
  const { dir, remove } = await project(files)
  removes.push(remove)
  const url = await server.database()
  const start = (command: readonly string[], env: Readonly<Record<string, string>> = {}, before: readonly string[] = []): Container => {
    const child = Bun.spawn([...before, "/bin/sh", ENTRYPOINT, ...command], { cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: `${bin}:/usr/bin:/bin`, HOME: dir, DATABASE_URL: url, ...env } })
    let err = ""
    const collected = (async () => {
      for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) err += chunk
    })()
    const end = Promise.all([child.exited, child.stdout.text(), collected]).then(([code, out]) => ({ code, out, err }))
    return { pid: child.pid, kill: signal => child.kill(signal), err: () => err, end }
  }
  return { dir, url, start }
}

test("it migrates and then becomes the command, with its arguments as they are, under its own process id", async () => {
  const { start } = await container()
  const run = start(["sh", "-c", 'echo "$$ $1"', "app", "two  words"])
  expect(await run.end).toMatchObject({ code: 0, out: expect.stringContaining(`Applied 1 migration. Database is now at version 0001.\n${run.pid} two  words\n`) })
  expect(await start(["sh", "-c", "exit 9"]).end).toMatchObject({ code: 9, out: expect.stringContaining("Nothing to do.") })
})

test("without a command it ends when the database is up to date, and words of nself's go to nself", async () => {
  const { start } = await container()
  expect(await start([]).end).toMatchObject({ code: 0 })
  expect(await start(["db", "migrate", "status"]).end).toMatchObject({ code: 0, out: expect.stringContaining("[x] 0001_initial") })
  expect(await start(["--version"]).end).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test("a migration that fails ends it with nself's exit code, and the command never starts", async () => {
  const { start } = await container({ "migrations/0001_broken.sql": "CREATE TABLE x (id nonsense);\n" })
  expect(await start(["echo", "started"]).end).toMatchObject({ code: 1, out: expect.not.stringContaining("started"), err: expect.stringContaining("nonsense") })
})

test("NSELF_MIGRATE=off leaves the database alone, and a slip in it is refused", async () => {
  const { start, url } = await container()
  expect(await start(["echo", "started"], { NSELF_MIGRATE: "off" }).end).toMatchObject({ code: 0, out: "started\n" })
  expect(await ask(url, "select from pg_class where relname = 'runs'")).toEqual([])
  expect(await start(["echo", "started"], { NSELF_MIGRATE: "no" }).end).toMatchObject({ code: 2, out: "" })
})

test("NSELF_ENV is typed as --env, so that prod may be migrated, and more options reach up", async () => {
  const { start, url } = await container({ ...MIGRATION, "migrations/0002_more.sql": "CREATE TABLE more (id int);\n" })
  expect(await start([], { NSELF_ENV: "prod", NSELF_UP_OPTIONS: "--to 0001" }).end).toMatchObject({ code: 0, out: expect.stringContaining("version 0001") })
  expect(await ask(url, "select environment from np_migrations_meta")).toEqual([{ environment: "prod" }])
})

test("five replicas at once: one migrates, all start", async () => {
  const { start, url } = await container()
  const ends = await Promise.all(Array.from({ length: 5 }, (_, i) => start(["echo", `replica ${i}`]).end))
  expect(ends.map(({ code, out }) => [code, out.split("\n").at(-2)])).toEqual(ends.map((_, i) => [0, `replica ${i}`]))
  expect(await ask(url, "select id from runs")).toEqual([{ id: 1 }])
  expect(ends.filter(({ out }) => out.includes("done (")).length).toBe(1)
})

test("SIGTERM during a migration is passed on: it is cancelled and rolled back, and the command never starts", async () => {
  const { start, url } = await container({ "migrations/0001_slow.sql": "CREATE TABLE half (id int);\nSELECT pg_sleep(60);\n" })
  const run = start(["echo", "started"])
  const sleeping = "select pid from pg_stat_activity where query like '%pg_sleep(60)%' and datname = current_database() and pid <> pg_backend_pid() and state = 'active'"
  await eventually(async () => (await ask(url, sleeping)).length > 0)
  run.kill("SIGTERM")
  expect(await run.end).toMatchObject({ code: 143, out: expect.not.stringContaining("started") })
  expect(await ask(url, sleeping)).toEqual([])
  expect(await ask(url, "select from pg_class where relname = 'half'")).toEqual([])
})

test("it waits for a database that is still starting, says so once, and goes on", async () => {
  const { start, url } = await container()
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  const { port } = probe
  probe.stop(true)
  const run = start(["echo", "started"], { DATABASE_URL: url.replace(/:\d+\//, `:${port}/`) })
  await eventually(async () => run.err().includes("waiting: "))
  const proxy = Bun.listen<{ up: Awaited<ReturnType<typeof Bun.connect>> | null; early: Buffer[] }>({
    hostname: "127.0.0.1", port,
    socket: {
      open(socket) {
        socket.data = { up: null, early: [] }
        void Bun.connect({ hostname: "127.0.0.1", port: server.port, socket: { open(up) {
          for (const chunk of socket.data.early) up.write(chunk)
          socket.data.up = up
        }, data: (_, chunk) => void socket.write(chunk), close: () => void socket.end() } })
      },
      data: (socket, chunk) => void (socket.data.up ? socket.data.up.write(chunk) : socket.data.early.push(Buffer.from(chunk))),
      close: socket => void socket.data.up?.end(),
    },
  })
  const { code, out, err } = await run.end
  proxy.stop(true)
  expect({ code, last: out.split("\n").at(-2), waits: err.split("waiting: ").length - 1 }).toEqual({ code: 0, last: "started", waits: 1 })
})

test("it does not wait for ever, nor at all where waiting would not help", async () => {
  const { start, url } = await container()
  expect(await start(["echo", "started"], { DATABASE_URL: "postgres://app@127.0.0.1:1/app", NSELF_WAIT_SECONDS: "1" }).end).toMatchObject({ code: 1, out: "", err: expect.stringContaining("connection refused, for 1 s") })
  const began = Date.now()
  expect(await start(["echo", "started"], { DATABASE_URL: url.replace(/\/[^/]*$/, "/not_there") }).end).toMatchObject({ code: 1, err: expect.stringContaining("does not exist") })
  expect(Date.now() - began).toBeLessThan(30_000)
})

test("SIGTERM while it waits ends it", async () => {
  const { start } = await container()
  const run = start(["echo", "started"], { DATABASE_URL: "postgres://app@127.0.0.1:1/app" })
  await eventually(async () => run.err().includes("waiting: "))
  run.kill("SIGTERM")
  expect(await run.end).toMatchObject({ code: 143, out: "" })
})

test("an unprivileged user without a home, in a folder that nobody may write to", async () => {
  const { dir, start } = await container()
  await Promise.all(["migrations/meta", "migrations", "."].map(path => chmod(join(dir, path), 0o555)))
  removes.unshift(async () => void (await Promise.all(["migrations/meta", "migrations", "."].map(path => chmod(join(dir, path), 0o755)))))
  const nobody = process.getuid!() === 0 ? ["setpriv", "--reuid=65532", "--regid=65532", "--clear-groups"] : []
  expect(await start(["id", "-u"], { HOME: "/nonexistent" }, nobody).end).toMatchObject({ code: 0, out: expect.stringContaining(nobody.length > 0 ? "\n65532\n" : "Applied 1 migration") })
})

test("what would run other code inside nself does not reach it", async () => {
  const { dir, start } = await container()
  await writeFile(join(dir, "evil.ts"), `await Bun.write("${dir}/owned", "")\n`)
  expect(await start([], { BUN_OPTIONS: "--preload ./evil.ts" }).end).toMatchObject({ code: 0 })
  expect(await Bun.file(join(dir, "owned")).exists()).toBe(false)
})

test("a shell that is process 1 passes SIGTERM on, too", async () => {
  const { start, url } = await container({ "migrations/0001_slow.sql": "SELECT pg_sleep(60);\n" })
  const run = start(["echo", "started"], {}, ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", ...(process.getuid!() === 0 ? [] : ["--map-root-user"])])
  const sleeping = "select pid from pg_stat_activity where query like '%pg_sleep(60)%' and datname = current_database() and pid <> pg_backend_pid() and state = 'active'"
  await eventually(async () => (await ask(url, sleeping)).length > 0)
  const [inside] = (await Bun.$`pgrep -P ${run.pid}`.text()).trim().split("\n")
  process.kill(Number(inside), "SIGTERM")
  expect(await run.end).toMatchObject({ code: 143, out: expect.not.stringContaining("started") })
  await eventually(async () => (await ask(url, sleeping)).length === 0)
})
