/** How long `diff` takes by the number of tables: `bun scripts/bench/diff.ts [500 1000 2000 5000]`. A real server, ten columns, three indexes and two foreign keys a table. */
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { Client } from "pg"
import { loadDeclared } from "../../src/drizzle/load.ts"
import { writeMigration } from "../../src/files/write-migration.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import type { Query } from "../../src/core/types.ts"
import { startServer } from "../../test/support/server.ts"
import { benchProject } from "./project.ts"

const MAIN = join(import.meta.dir, "../../src/main.ts")
/** So that one transaction does not need more locks than a server has by default. */
const STATEMENTS_A_FILE = 400
const counts = process.argv.slice(2).map(Number)
const server = await startServer(17)

// the processor's time besides the clock's: on a busy machine only the former tells anything
console.log("tables | inspect: queries, ms | diff cold ms (cpu) | warm ms (cpu) | warm --env prod ms (cpu) | one index changed ms (cpu) | warm cpu per table, µs")
for (const count of counts.length > 0 ? counts : [500, 1000, 2000, 5000]) console.log(await measure(count))
await server.stop()

async function measure(count: number): Promise<string> {
  const project = await benchProject()
  try {
    const env = { DATABASE_URL: await server.database() }
    await project.tables(count)
    await writeHistory(project.dir)
    await nself(project.dir, env, "up")
    const inspected = await inspection(env.DATABASE_URL)
    const cold = await nself(project.dir, env, "diff")
    const warm = await best(() => nself(project.dir, env, "diff"))
    const prod = await best(() => nself(project.dir, env, "diff --env prod"))
    await statement(env.DATABASE_URL, "drop index t3_code_idx; create index t3_code_idx on t3 (code) where code <> ''")
    const changed = await best(() => nself(project.dir, env, "diff --env prod"))
    return [count, `${inspected.queries}, ${inspected.ms}`, ...[cold, warm, prod, changed].map(({ ms, cpu }) => `${ms} (${cpu})`), Math.round((warm.cpu * 1000) / count)].join(" | ")
  } finally {
    await rm(project.dir, { recursive: true, force: true })
  }
}

async function writeHistory(dir: string): Promise<void> {
  const launch = { self: [process.execPath, MAIN], env: process.env, signal: new AbortController().signal }
  const { statements } = await loadDeclared({ root: dir, configPath: null, patterns: ["./src/db/schema/*.ts"], out: "./migrations", casing: undefined }, launch)
  for (let at = 0, seq = 1; at < statements.length; at += STATEMENTS_A_FILE, seq++) {
    const up = statements.slice(at, at + STATEMENTS_A_FILE).map(text => `${text};\n`).join("")
    await writeMigration(dir, "migrations", { name: `${String(seq).padStart(4, "0")}_part`, up, down: "select 1;\n", snapshot: null, when: seq })
  }
}

/** Milliseconds by the clock and of the processors, children included. */
interface Took { readonly ms: number; readonly cpu: number }

/** One command, start to end; throws where it fails. */
async function nself(dir: string, env: Readonly<Record<string, string>>, words: string): Promise<Took> {
  const started = performance.now()
  const child = Bun.spawn([process.execPath, MAIN, "db", "migrate", ...words.split(" ")], { cwd: dir, env: { ...process.env, ...env }, stdout: "pipe", stderr: "pipe" })
  const [out, said, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
  if (code !== 0) throw new Error(`${words}: exit ${code}\n${said || out}`)
  return { ms: Math.round(performance.now() - started), cpu: Math.round(Number(child.resourceUsage()!.cpuTime.total) / 1000) }
}

async function best(work: () => Promise<Took>): Promise<Took> {
  const all = [await work(), await work(), await work()]
  return { ms: Math.min(...all.map(one => one.ms)), cpu: Math.min(...all.map(one => one.cpu)) }
}

async function inspection(url: string): Promise<{ queries: number; ms: number }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  let queries = 0
  const query: Query = async <R>(sql: string, params: readonly unknown[] = []) => (queries++, (await client.query(sql, [...params])).rows as R[])
  const once = async (): Promise<number> => {
    const started = performance.now()
    await inspect(query)
    return Math.round(performance.now() - started)
  }
  await once()
  queries = 0
  const first = await once()
  const asked = queries
  const ms = Math.min(first, await once(), await once())
  await client.end()
  return { queries: asked, ms }
}

async function statement(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
