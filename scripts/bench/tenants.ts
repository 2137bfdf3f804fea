/**
 * Fan-out over tenants of 20 tables, one migration of 3 statements: nself against the floor (the same SQL sent by pgbench, one message per tenant,
 * with the best client count) and against a shell loop, one process per tenant: dbmate where there is one, else psql, which does less. Real server, fsync on.
 * Others share the machine, so nself and the floor take turns, each behind a checkpoint, and what counts is the ratio of their middle times.
 *
 *     bun run bench:tenants [sizes: 100,1000,10000]      DBMATE=/path/to/dbmate; PGBENCH=/path/to/pgbench; NSELF=/path/to/nself
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ask } from "../../test/support/migrating.ts"
import { project } from "../../test/support/nself.ts"
import { startDurable, type TestServer } from "../../test/support/server.ts"

/** The compiled binary, because that is what people run. */
const NSELF = process.env["NSELF"] ?? join(import.meta.dir, "../../dist/nself")
const PGBENCH = process.env["PGBENCH"] ?? Bun.which("pgbench")
const DBMATE = process.env["DBMATE"] ?? Bun.which("dbmate")
const TABLES = 20
/** Times that nself and the floor take turns. */
const TURNS = 3
/** Tenants that the loop is timed on. */
const LOOPED = 50

/** Milliseconds per tenant by size: it should stay flat. */
const curve: { readonly size: number; readonly nself: number; readonly floor: number }[] = []

/** Names what each floor and loop makes. */
let floors = 0

const sizes = (process.argv[2] ?? "100,1000,10000").split(",").map(Number)
const server = await startDurable(18)
try {
  const url = await server.database()
  let made = 0
  for (const size of sizes) {
    await create(url, made, size)
    made = size
    await measure(server, url, size)
  }
  console.log(`\ncost per tenant: ${curve.map(one => `${one.size} tenants ${one.nself.toFixed(2)} ms (floor ${one.floor.toFixed(2)} ms)`).join(", ")}`)
} finally {
  await server.stop()
}

async function create(url: string, from: number, to: number): Promise<void> {
  const started = performance.now()
  let next = from + 1
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (next <= to) {
      const n = next++
      await ask(url, `begin; create schema tenant_${n}; set local search_path = tenant_${n}; ${tables()}; commit`)
    }
  }))
  console.log(`\n${to} tenants of ${TABLES} tables (${to - from} new ones made in ${seconds(performance.now() - started)})`)
}

function tables(): string {
  return Array.from({ length: TABLES }, (_, i) => `create table if not exists t${i} (id int primary key, parent int references t${Math.max(0, i - 1)}, name text, made timestamptz default now()); create index if not exists t${i}_name on t${i} (name)`).join("; ")
}

/** What the first run made, once more, for the history that `diff` replays. */
function already(tag: string): string {
  return migration(tag).replace("create table", "create table if not exists").replace("create index", "create index if not exists").replace("add column", "add column if not exists")
}

/** The migration, with names of its own so that it can be run again and again. */
function migration(tag: string): string {
  return `create table extra_${tag} (id int primary key, t int references t0, note text);\ncreate index extra_${tag}_note on extra_${tag} (note);\nalter table t1 add column c_${tag} int;\n`
}

async function measure(server: TestServer, url: string, size: number): Promise<void> {
  const letters = ["b", "c", "d", "e", "f"]
  const firsts = Array.from({ length: TURNS }, (_, turn) => `a${size}_${turn}`)
  const alone = await Promise.all(firsts.map(tag => project({ "migrations/0001_first.sql": migration(tag) })))
  const { dir, remove } = await project({
    "migrations/0001_base.sql": `${tables().replaceAll("; ", ";\n")};\n${firsts.map(already).join("")}`,
    ...Object.fromEntries(letters.map((letter, i) => [`migrations/000${i + 2}_${letter}.sql`, migration(`${letter}${size}`)])),
  })
  try {
    const began: Ran[] = []
    const between: number[] = []
    let best: Floor | null = null
    for (const one of alone) {
      await forget(url, size)
      await ask(url, "checkpoint")
      began.push(await nself(one.dir, url, "db migrate up --all-tenants"))
      best ??= await floorOf(server, url, size) // the first run's ledgers are the pattern of the floor's
      await ask(url, "checkpoint")
      between.push((await floorWith(server, url, size, best.clients)).ms)
    }
    if (!best) throw new Error("no turns")
    const first = middle(began.map(ran => ran.ms))
    await forget(url, size)
    await nself(dir, url, "db migrate up --all-tenants --to 0001 --fast-commit")
    const floorNow = async (): Promise<number> => {
      await ask(url, "checkpoint")
      return (await floorWith(server, url, size, best!.clients)).ms
    }
    const floors = [await floorNow()]
    const turns: { readonly ratio: number; readonly ran: Ran }[] = []
    for (let turn = 0; turn < TURNS; turn++) {
      await ask(url, "checkpoint")
      const ran = await nself(dir, url, `db migrate up --all-tenants --to 000${turn + 2}`)
      floors.push(await floorNow())
      turns.push({ ran, ratio: ran.ms / ((floors.at(-1)! + floors.at(-2)!) / 2) }) // a disk that recovers from many deletions is as slow for both
    }
    const floor = middle([...between, ...floors])
    const usual = middle(turns.map(turn => turn.ran.ms))
    report("floor: pgbench, the same SQL in one message", size, floor, floor, `${best.clients} clients is best, ${seconds(best.cpu)} of CPU; ${2 * TURNS + 1} times`)
    report("nself, first run, makes the ledgers (goal 2)", size, first, floor, `${peak(began[0]!)}; ${TURNS} times, by turns: ${began.map((ran, turn) => (ran.ms / between[turn]!).toFixed(2)).join(", ")}`)
    report("nself, default (goal 1.25)", size, usual, floor, `${peak(turns[0]!.ran)}; ${TURNS} times, each between two of the floor: ${turns.map(turn => turn.ratio.toFixed(2)).join(", ")}`)
    curve.push({ size, nself: usual / size, floor: floor / size })
    const wide = await nself(dir, url, `db migrate up --all-tenants --to 0005 --concurrency ${best.clients}`)
    report(`nself, --concurrency ${best.clients}, as the floor`, size, wide.ms, floor, peak(wide))
    const fast = await nself(dir, url, `db migrate up --all-tenants --concurrency ${best.clients} --fast-commit`)
    report("nself, the same with --fast-commit", size, fast.ms, floor, peak(fast))
    report(`loop over ${DBMATE ? "dbmate" : "psql, there is no dbmate here"} (${Math.min(LOOPED, size)} tenants, scaled)`, size, await loop(url, size), floor, "")
    const nothing = await nself(dir, url, "db migrate up --all-tenants")
    report("nself, nothing to do", size, nothing.ms, floor, peak(nothing))
    const status = await nself(dir, url, "db migrate status --all-tenants")
    report("nself status --all-tenants (goal 2 s at 10,000)", size, status.ms, floor, peak(status))
    const shapes = await nself(dir, url, "db migrate diff --all-tenants")
    report("nself diff --all-tenants", size, shapes.ms, floor, peak(shapes))
  } finally {
    await Promise.all([remove(), ...alone.map(one => one.remove())])
  }
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
}

/** A size measured before left ledgers with other files; the tenants begin anew. */
async function forget(url: string, size: number): Promise<void> {
  for (let at = 1; at <= size; at += 100) await ask(url, Array.from({ length: Math.min(100, size - at + 1) }, (_, i) => `drop table if exists tenant_${at + i}.np_migrations`).join("; "))
  await ask(url, "drop table if exists np_migrations_audit; drop function if exists np_migrations_audit_append_only")
}

interface Ran { readonly ms: number; readonly rss: number; readonly cpu: number }

async function nself(dir: string, url: string, args: string): Promise<Ran> {
  const started = performance.now()
  const child = Bun.spawn([NSELF, ...args.split(" ")], { cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"] ?? "", HOME: "/", DATABASE_URL: url } })
  const [out, err, exit] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
  const ms = performance.now() - started
  if (exit !== 0) throw new Error(`${args}: exit ${exit}\n${out.slice(0, 2000)}\n${err.slice(0, 2000)}`)
  const used = child.resourceUsage()!
  return { ms, rss: used.maxRSS, cpu: Number(used.cpuTime.total) / 1000 }
}

function peak({ rss, cpu }: Ran): string {
  return `${Math.round(rss / 1e6)} MB of memory at most, ${seconds(cpu)} of CPU`
}

/** One message per tenant with the ledger's row, by the best of three client counts; each time with other names. */
async function floorOf(server: TestServer, url: string, size: number): Promise<Floor> {
  for (let at = 1; at <= size; at += 200) await ask(url, Array.from({ length: Math.min(200, size - at + 1) }, (_, i) => `create table if not exists tenant_${at + i}.floor_ledger (like tenant_${at + i}.np_migrations including all)`).join("; "))
  const all: Floor[] = []
  for (const clients of [4, 8, 16]) all.push(await floorWith(server, url, size, clients))
  return all.toSorted((a, b) => a.ms - b.ms)[0]!
}

interface Floor { readonly ms: number; readonly clients: number; readonly cpu: number }

async function floorWith(server: TestServer, url: string, size: number, clients: number): Promise<Floor> {
  if (!PGBENCH) throw new Error("no pgbench on this machine: PGBENCH=/path/to/pgbench")
  const dir = await mkdtemp(join(tmpdir(), "nself-bench-"))
  try {
    return { clients, ...(await pgbench(server, url, dir, size, clients)) }
  } finally {
    await rm(dir, { recursive: true })
  }
}

async function pgbench(server: TestServer, url: string, dir: string, size: number, clients: number): Promise<{ ms: number; cpu: number }> {
  const each = Math.floor(size / clients)
  const tag = `f${++floors}`
  const lines = [
    "begin", "set local search_path = tenant_:t, pg_temp", "set local lock_timeout = '500ms'", "set local statement_timeout = 0", "set local client_connection_check_interval = '1s'",
    `insert into tenant_:t.floor_ledger (version, name, checksum, run_id) values (${floors}, 'floor', 'x', gen_random_uuid())`, ...migration(tag).trim().split(";\n").map(one => one.replace(/;$/, "")), "commit",
  ]
  await Bun.write(join(dir, "floor.sql"), `\\set n :n + 1\n\\set t :client_id * ${each} + :n\n${lines.join(" \\;\n")};\n`)
  const started = performance.now()
  const child = Bun.spawn([PGBENCH!, "-n", "-c", String(clients), "-j", "2", "-t", String(each), "-D", "n=0", "-f", join(dir, "floor.sql"), "-h", "127.0.0.1", "-p", String(server.port), "-U", "postgres", new URL(url).pathname.slice(1)], { stdout: "pipe", stderr: "pipe" })
  const [err, exit] = await Promise.all([new Response(child.stderr).text(), child.exited])
  const ms = performance.now() - started
  if (exit !== 0 || /ERROR/.test(err)) throw new Error(`pgbench: ${err.slice(0, 1000)}`)
  return { ms: (ms * size) / (each * clients), cpu: Number(child.resourceUsage()!.cpuTime.total) / 1000 }
}

/** What people do today: one process per tenant, one after the other. */
async function loop(url: string, size: number): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "nself-loop-"))
  const some = Math.min(LOOPED, size)
  try {
    const tag = `l${++floors}`
    const up = DBMATE ? `-- migrate:up\n${migration(tag)}\n-- migrate:down\n` : migration(tag)
    await Bun.write(join(dir, "0001_loop.sql"), up)
    const one = DBMATE ? `"${DBMATE}" --no-dump-schema -d "${dir}" -u "${url}?sslmode=disable&search_path=tenant_$n" migrate` : `PGOPTIONS="-c search_path=tenant_$n" psql -qX -1 -v ON_ERROR_STOP=1 -f "${dir}/0001_loop.sql" "${url}"`
    await Bun.write(join(dir, "loop.sh"), `for n in $(seq 1 ${some}); do ${one} >/dev/null || exit 1; done\n`)
    const started = performance.now()
    const child = Bun.spawn(["sh", join(dir, "loop.sh")], { stdout: "ignore", stderr: "pipe", env: process.env })
    const [err, exit] = await Promise.all([new Response(child.stderr).text(), child.exited])
    if (exit !== 0) throw new Error(`the loop: ${err.slice(0, 1000)}`)
    return ((performance.now() - started) / some) * size
  } finally {
    await rm(dir, { recursive: true })
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

function report(what: string, size: number, ms: number, floor: number, more: string): void {
  console.log(`  ${what.padEnd(46)} ${seconds(ms).padStart(9)}  ${(ms / size).toFixed(2).padStart(6)} ms each  ${String(Math.round(size / (ms / 1000))).padStart(6)}/s  ${(ms / floor).toFixed(2).padStart(5)} × floor${more ? `  ${more}` : ""}`)
}
