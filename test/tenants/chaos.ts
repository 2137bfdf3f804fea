/** Many processes share one fan-out while one of them is killed again and again: every tenant must end at the version exactly once. */
import { join } from "node:path"
import { ask } from "../support/migrating.ts"
import { project } from "../support/nself.ts"
import type { Site } from "./support.ts"

export interface Chaos {
  readonly tenants: readonly string[]
  readonly processes: number
  /** Milliseconds between kills. */
  readonly killEvery: number
  /** A number from 0 to 1. */
  readonly random: () => number
}

export interface Round {
  readonly kills: number
  /** Tenants that have the round's row exactly once, and its ledger row. */
  readonly once: number
  /** Advisory locks that are still held when all processes have ended. */
  readonly locks: number
  /** Tenants that were not there yet when the first process said done. */
  readonly early: number
  /** Exit codes other than 0 of processes that were not killed. */
  readonly bad: readonly number[]
  readonly said: string
}

const MAIN = join(import.meta.dir, "../../src/main.ts")

/** One round: a new migration that counts, `processes` runners, kills until the first one says done. `number`: from 1. */
export async function round(at: Site, chaos: Chaos, number: number): Promise<Round> {
  await files(at, number)
  let kills = 0
  let done = false
  let early = -1
  const bad: number[] = []
  let said = ""
  const living = new Set<Bun.Subprocess>()
  const runner = async (index: number): Promise<void> => {
    while (true) {
      const child = Bun.spawn([process.execPath, MAIN, "db", "migrate", "up", "--all-tenants"], {
        cwd: at.dir, stdin: "ignore", stdout: "ignore", stderr: "pipe", env: { PATH: process.env["PATH"] ?? "", HOME: "/", ...at.env, JOB_COMPLETION_INDEX: String(index) },
      })
      living.add(child)
      const [text, exit] = await Promise.all([new Response(child.stderr).text(), child.exited])
      living.delete(child)
      if (exit === 0) {
        if (!done) early = chaos.tenants.length - (await counted(at, chaos.tenants, number))
        done = true
        return
      }
      if (child.signalCode !== "SIGKILL") {
        bad.push(exit)
        said ||= text
        return
      }
    }
  }
  const killer = async (): Promise<void> => {
    for (const end = Date.now() + 120_000; !done && Date.now() < end;) {
      await Bun.sleep(chaos.killEvery)
      const all = [...living]
      const victim = all[Math.floor(chaos.random() * all.length)]
      if (done || !victim) continue
      victim.kill("SIGKILL")
      kills += 1
    }
  }
  await Promise.all([...Array.from({ length: chaos.processes }, (_, i) => runner(i)), killer()])
  return { kills, once: await counted(at, chaos.tenants, number), locks: await locks(at), early, bad, said }
}

async function files(at: Site, number: number): Promise<void> {
  const all = Object.fromEntries(Array.from({ length: number }, (_, i) => {
    const n = i + 1
    const first = n === 1 ? "create table counter (round int);\n" : ""
    // with a SELECT of its own each tenant has a message of its own, with none several share one
    const rest = n % 2 === 0 ? `insert into counter values (${n});\nselect pg_sleep(0.03);\n` : `insert into counter select ${n} from (select pg_sleep(0.03)) slept;\n`
    return [`migrations/${String(n).padStart(4, "0")}_round.sql`, `${first}${rest}`]
  }))
  const fresh = await project(all)
  await Bun.$`rm -rf ${at.dir}/migrations && cp -r ${fresh.dir}/migrations ${at.dir}/`.quiet()
  await fresh.remove()
}

/** Tenants with exactly one row of this round and its ledger row applied. */
async function counted(at: Site, tenants: readonly string[], number: number): Promise<number> {
  let once = 0
  for (let i = 0; i < tenants.length; i += 50) {
    const there = await ask<{ name: string }>(at.url, `select nspname as name from pg_namespace n join pg_class c on c.relnamespace = n.oid and c.relname = 'counter' where nspname in (${tenants.slice(i, i + 50).map(name => `'${name}'`).join(",")})`)
    if (there.length === 0) continue
    const rows = await ask<{ n: number; v: number }>(at.url, there.map(({ name }) => `select (select count(*)::int from ${name}.counter where round = ${number}) as n, (select count(*)::int from ${name}.np_migrations where version = ${number} and state = 'applied') as v`).join(" union all "))
    once += rows.filter(row => row.n === 1 && row.v === 1).length
  }
  return once
}

/** A killed client's backend is gone within a moment. */
async function locks(at: Site): Promise<number> {
  let left = -1
  for (const end = Date.now() + 10_000; left !== 0 && Date.now() < end; await Bun.sleep(100)) {
    left = (await ask(at.url, "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")).length
  }
  return left
}
