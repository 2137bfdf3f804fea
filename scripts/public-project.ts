/**
 * Takes a checkout of any Drizzle project through nself, on real servers: its history is replayed and what it lacks generated; its schema is
 * generated from nothing, applied, read back, compared, taken down. Writes only into a folder of its own inside the checkout, which it removes.
 *
 *   bun run public-project <folder> --schema <file, folder or glob> [--migrations <folder>]
 */
import { cp, mkdir, rm, writeFile } from "node:fs/promises"
import { join, relative, resolve } from "node:path"
import { parseArgs } from "node:util"
import { inspect } from "../src/kinds/inspect.ts"
import { runNself, type Said } from "../test/support/nself.ts"
import { open } from "../test/support/migrating.ts"
import { startServer } from "../test/support/server.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { schema: { type: "string" }, migrations: { type: "string" } },
})
const root = resolve(positionals[0] ?? ".")
const trial = join(root, ".nself-trial")
const say = (line: string): void => console.log(line)

interface Answer { readonly said: Said; readonly ms: number; readonly data: Readonly<Record<string, unknown>> }

/** One command with `--json`; ends the script with all that was said where the exit code is another one. */
async function nself(dir: string, words: string, { exit = 0, url }: { readonly exit?: number; readonly url?: string } = {}): Promise<Answer> {
  const from = performance.now()
  const said = await runNself(dir, `${words} --json`, { env: url === undefined ? {} : { DATABASE_URL: url } })
  const ms = Math.round(performance.now() - from)
  if (said.exit !== exit) throw new Error(`nself ${words}: exit ${said.exit}\n${said.stdout}\n${said.stderr}`)
  const answer = JSON.parse(said.stdout) as { readonly data?: Readonly<Record<string, unknown>> }
  return { said, ms, data: answer.data ?? {} }
}

async function place(name: string): Promise<string> {
  const dir = join(trial, name)
  await mkdir(dir, { recursive: true })
  const schema = relative(dir, resolve(root, values.schema!))
  await writeFile(join(dir, "drizzle.config.json"), JSON.stringify({ dialect: "postgresql", schema, out: "./migrations" }))
  return dir
}

/** Files that the journal does not name never ran anywhere: drizzle-kit passes over them, nself refuses their numbers. */
async function removeStrays(folder: string): Promise<void> {
  const { entries } = (await Bun.file(join(folder, "meta/_journal.json")).json()) as { readonly entries: readonly { readonly tag: string }[] }
  const named = new Set(entries.map(entry => `${entry.tag}.sql`))
  for (const file of [...new Bun.Glob("*.sql").scanSync(folder)].filter(name => !named.has(name))) {
    await rm(join(folder, file))
    say(`history: ${file} is not in the journal and was left out`)
  }
}

const statements = (sql: unknown): number => String(sql).split("\n").filter(line => /;$/.test(line)).length

async function history(): Promise<void> {
  const dir = await place("history")
  await cp(resolve(root, values.migrations!), join(dir, "migrations"), { recursive: true })
  await removeStrays(join(dir, "migrations"))
  const { data, ms } = await nself(dir, "db migrate generate --name remains --no-renames")
  const files = [...new Bun.Glob("migrations/*.sql").scanSync(dir)].filter(path => !path.endsWith(".down.sql")).length
  say(`history: ${files} files replayed; ${data["status"] === "nothing" ? "nothing is missing" : `${statements(data["up"])} lines of SQL are missing, both ways proved`} (${ms} ms)`)
  if (data["status"] === "written") say(String(data["up"]).split("\n").filter(line => !line.startsWith("--")).join("\n").trim())
  for (const warning of data["warnings"] as string[]) say(`  warning: ${warning}`)
  await nself(dir, "db migrate generate --check")
  say("history: generate --check says that nothing is missing now")
}

async function fresh(): Promise<string> {
  const dir = await place("fresh")
  const { data, ms } = await nself(dir, "db migrate generate --name all")
  const text = String(data["up"])
  say(`from nothing: ${text.match(/^CREATE TABLE/gm)?.length ?? 0} tables, ${text.match(/^CREATE (UNIQUE )?INDEX/gm)?.length ?? 0} indexes, ${text.match(/^CREATE TYPE/gm)?.length ?? 0} enums, ${data["engine"]} (${ms} ms)`)
  for (const warning of data["warnings"] as string[]) say(`  warning: ${warning}`)
  await nself(dir, "db migrate generate --check")
  return dir
}

/** `null`: the embedded PostgreSQL in `.nself/`. A server that lacks an extension is said, not hidden. */
async function apply(dir: string, major: 15 | 18 | null): Promise<void> {
  const name = major === null ? "embedded PostgreSQL" : `PostgreSQL ${major}`
  const where = major === null ? {} : { url: await (await startServer(major)).database() }
  const first = await runNself(dir, "db migrate up --json", { env: major === null ? {} : { DATABASE_URL: where.url! } })
  const absent = /extension \\"(\w+)\\" is not available/.exec(first.stdout)?.[1]
  if (absent) return say(`${name}: not applied, this server has no extension ${absent}`)
  const up = await nself(dir, "db migrate status --exit-code", where)
  const diff = await nself(dir, "db migrate diff --fail-on-drift", where)
  const ungenerated = diff.data["ungenerated"] as Readonly<Record<string, unknown>>
  await nself(dir, "db migrate down --to 0", where)
  const left = where.url === undefined ? [] : await objectsIn(where.url)
  if (left.length > 0) throw new Error(`${name}: down left ${left.join(", ")}`)
  say(`${name}: applied, no drift (status ${up.ms} ms, diff ${diff.ms} ms), ungenerated ${JSON.stringify(ungenerated)}; taken down, nothing left`)
}

async function objectsIn(url: string): Promise<string[]> {
  const database = await open(url)
  const session = await database.session()
  const { objects } = await inspect(session.query)
  await session.close()
  await database.close()
  return [...objects.keys()]
}

try {
  await rm(trial, { recursive: true, force: true })
  if (values.migrations !== undefined) await history()
  const dir = await fresh()
  for (const major of [15, 18, null] as const) await apply(dir, major)
} finally {
  await rm(trial, { recursive: true, force: true })
}
process.exit(0)
