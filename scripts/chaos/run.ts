/**
 * `bun run chaos`: four processes migrate one database, some are killed with -9 at random moments, and every migration must have run exactly once.
 *
 * bun run chaos [--rounds 100] [--major 18] [--seed 1] [--without-guard] [--pgbouncer]
 *
 * `--pgbouncer` puts PgBouncer in transaction mode between, where the machine has one. `--without-guard` takes the transaction and the lock out of the runner's session (`runner.ts`); then this must fail, or it would show nothing.
 */
import { parseArgs } from "node:util"
import { ask, eventually } from "../../test/support/migrating.ts"
import { generator } from "../random.ts"
import { startPgBouncer } from "../../test/support/pgbouncer.ts"
import { startServer, type Major } from "../../test/support/server.ts"

const { values } = parseArgs({ options: { rounds: { type: "string", default: "100" }, major: { type: "string", default: "18" }, seed: { type: "string", default: "1" }, "without-guard": { type: "boolean", default: false }, pgbouncer: { type: "boolean", default: false } } })
const [rounds, major, seed] = [Number(values.rounds), Number(values.major) as Major, Number(values.seed)]
const PROCESSES = 4
const MIGRATIONS = 3

const random = generator(seed)
const server = await startServer(major)
const pooler = values.pgbouncer ? await startPgBouncer(server.port, "transaction") : null
let [kills, wrong, done] = [0, 0, 0]
console.log(`chaos: ${rounds} rounds, ${PROCESSES} processes, ${MIGRATIONS} migrations, PostgreSQL ${major}, seed ${seed}${pooler ? ", through PgBouncer" : ""}${values["without-guard"] ? ", WITHOUT the guard" : ""}`)

for (let round = 1; round <= rounds; round++) {
  const url = await server.database()
  const said = await oneRound(url)
  if (said !== null) {
    wrong++
    console.log(`round ${round}: ${said}`)
  }
  done++
  if (wrong > 0 && values["without-guard"]) break // shown
  await ask(server.url, `drop database ${url.split("/").at(-1)} with (force)`)
}
console.log(`${done - wrong} of ${done} rounds exactly once, ${kills} processes killed`)
await pooler?.[Symbol.asyncDispose]()
await server.stop()
process.exit(wrong === 0 ? 0 : 1)

/** What went wrong, or `null`. */
async function oneRound(url: string): Promise<string | null> {
  // the counters are there before: a migration that runs twice adds two
  await ask(url, Array.from({ length: MIGRATIONS }, (_, i) => `create table counter${i + 1} (n int)`).join("; "))
  const running = new Set<ReturnType<typeof start>>()
  const all: Promise<unknown>[] = []
  for (let i = 0; i < PROCESSES; i++) all.push(live(url, running, i === 0 ? 0 : 1 + Math.floor(random() * 2)))
  await Promise.all(all)
  await eventually(async () => (await ask(url, "select from pg_stat_activity where datname = current_database() and application_name like 'nself%' and state <> 'idle'")).length === 0)
  const last = start(url)
  if ((await last.exited) !== 0) return "the run after the chaos failed"
  const counts = await Promise.all(Array.from({ length: MIGRATIONS }, async (_, i) => (await ask<{ n: number }>(url, `select count(*)::int as n from counter${i + 1}`))[0]!.n))
  const rows = (await ask<{ n: number }>(url, "select count(*)::int as n from np_migrations where state = 'applied'"))[0]!.n
  const locks = await ask(url, "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")
  if (counts.some(n => n !== 1)) return `ran ${counts.join(", ")} times instead of once each`
  if (rows !== MIGRATIONS) return `${rows} rows in the ledger instead of ${MIGRATIONS}`
  return locks.length === 0 ? null : `${locks.length} locks left`
}

/** One runner; killed `deaths` times at a random moment, and each time started again, as an orchestrator does. */
async function live(url: string, running: Set<ReturnType<typeof start>>, deaths: number): Promise<void> {
  for (let left = deaths; ; left--) {
    const child = start(url)
    running.add(child)
    if (left <= 0) {
      await child.exited
      running.delete(child)
      return
    }
    await Bun.sleep(60 + random() * 500)
    if (child.exitCode === null) kills++
    child.kill("SIGKILL")
    await child.exited
    running.delete(child)
  }
}

function start(url: string) {
  const by = pooler ? url.replace(/:\d+\//, `:${pooler.port}/`) : url
  return Bun.spawn([process.execPath, `${import.meta.dir}/runner.ts`, by, String(MIGRATIONS), values["without-guard"] ? "without-guard" : "guarded"], { stdin: "ignore", stdout: "ignore", stderr: "ignore" })
}
