/**
 * A million mock rows of eight columns, three ways on one server: `nself db mock`, the very same rows through psql's \copy from a file, and drizzle-seed
 * (installed into a temporary folder). Prints the times, CPU seconds, nself's peak memory and the ratios; exit 1 where a promise is broken. drizzle-seed is
 * stopped once it has had eleven times nself's wall time.
 *
 *     bun scripts/bench/mock.ts [rows] [--no-drizzle-seed] [--nself dist/nself]
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { Client } from "pg"
import { startServer } from "../../test/support/server.ts"

const root = resolve(import.meta.dir, "../..")
const args = process.argv.slice(2)
const rows = Number(args.find(arg => /^\d+$/.test(arg)) ?? 1_000_000)
const binary = args[args.indexOf("--nself") + 1]
const nself = args.includes("--nself") ? [resolve(binary!)] : [process.execPath, join(root, "src/main.ts")]

const TABLE = `create table np_people (id uuid primary key, email text not null unique, name text, phone text, address text, price numeric(10,2) not null, created_at timestamptz not null, updated_at timestamptz not null)`
const SEED = `
import { seed } from "drizzle-seed"
import { drizzle } from "drizzle-orm/node-postgres"
import { numeric, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core"
const npPeople = pgTable("np_people", {
  id: uuid("id").primaryKey(), email: text("email").notNull().unique(), name: text("name"), phone: text("phone"), address: text("address"),
  price: numeric("price", { precision: 10, scale: 2 }).notNull(), createdAt: timestamp("created_at", { withTimezone: true }).notNull(), updatedAt: timestamp("updated_at", { withTimezone: true }).notNull(),
})
const db = drizzle(process.env.DATABASE_URL)
await seed(db, { npPeople }, { count: ${rows} }).refine(f => ({ npPeople: { columns: { email: f.email(), name: f.fullName(), phone: f.phoneNumber(), address: f.streetAddress() } } }))
process.exit()`

interface Timed {
  readonly ms: number
  /** CPU seconds of the program itself; the server's are not among them. */
  readonly cpu: number
  readonly mb: number
  /** It was stopped at `limit`. */
  readonly stopped: boolean
}

/** `limit`: milliseconds after which it is stopped. */
async function timed(command: readonly string[], cwd: string, env: Record<string, string>, limit = Infinity): Promise<Timed> {
  const started = performance.now()
  const child = Bun.spawn([...command], { cwd, env: { ...process.env, ...env }, stdout: "pipe", stderr: "pipe", ...(limit === Infinity ? {} : { timeout: limit, killSignal: "SIGKILL" }) })
  const [out, err, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
  const stopped = child.signalCode === "SIGKILL"
  if (code !== 0 && !stopped) throw new Error(`${command.join(" ")}: exit ${code}\n${out}${err}`)
  const used = child.resourceUsage()
  return { ms: performance.now() - started, cpu: Number(used?.cpuTime.total ?? 0) / 1e6, mb: (used?.maxRSS ?? 0) / 1e6, stopped }
}

const shown = ({ ms, cpu, mb }: Timed): string => `${(ms / 1000).toFixed(2)} s   CPU ${cpu.toFixed(2)} s   peak ${mb.toFixed(0)} MB`

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return (await client.query(sql).finally(() => client.end())).rows as Record<string, unknown>[]
}

const server = await startServer(18)
const folder = await mkdtemp(join(tmpdir(), "nself-bench-"))
const said: string[] = []
let broken = false
const promise = (what: string, holds: boolean): void => {
  said.push(`${holds ? "holds " : "BROKEN"}  ${what}`)
  broken ||= !holds
}
try {
  const url = await server.database()
  await query(url, TABLE)
  const mock = await timed([...nself, "db", "mock", "--table", "np_people", "--count", String(rows), "--seed", "1"], folder, { DATABASE_URL: url, NSELF_ENV: "dev" })
  const [counted] = await query(url, "select count(*)::int as n from np_people")
  if (counted!["n"] !== rows) throw new Error(`there are ${String(counted!["n"])} rows`)
  console.log(`nself db mock   ${shown(mock)}`)

  const file = join(folder, "rows.copy")
  await timed(["psql", url, "-qc", `\\copy np_people to '${file}'`], folder, {})
  await query(url, "truncate np_people")
  const copy = await timed(["psql", url, "-qc", `\\copy np_people from '${file}'`], folder, {})
  console.log(`psql \\copy      ${shown(copy)}`)
  promise(`${(mock.ms / copy.ms).toFixed(2)} times the wall time of psql \\copy (at most 3)`, mock.ms <= copy.ms * 3)
  promise(`${mock.mb.toFixed(0)} MB of memory (at most 200)`, mock.mb <= 200)

  if (!args.includes("--no-drizzle-seed")) {
    await query(url, "truncate np_people")
    const home = join(folder, "drizzle-seed")
    await Bun.write(join(home, "package.json"), `{ "type": "module" }`)
    await timed([process.execPath, "add", "drizzle-seed@0.3.1", "drizzle-orm@0.45.4", "pg@8.23.1"], home, {})
    await Bun.write(join(home, "seed.ts"), SEED)
    const other = await timed([process.execPath, "seed.ts"], home, { DATABASE_URL: url }, Math.ceil(mock.ms * 11))
    const [made] = await query(url, "select count(*)::int as n from np_people")
    if (!other.stopped && made!["n"] !== rows) throw new Error(`drizzle-seed made ${String(made!["n"])} rows`)
    console.log(`drizzle-seed    ${shown(other)}${other.stopped ? `   stopped with ${String(made!["n"])} rows written` : ""}`)
    promise(`${other.stopped ? "more than " : ""}${(other.ms / mock.ms).toFixed(1)} times faster than drizzle-seed (at least 10)`, other.ms >= mock.ms * 10)
  }
  console.log(said.join("\n"))
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exit(broken ? 1 : 0)
