/**
 * Adopts the history of a public project whole, from a checkout that is named on the command line: on a real server a database is made as the project's own tool
 * would have made it, then taken over; on a second one all files are run by nself, and all ways back. Works in a temporary copy.
 *
 *   bun run adopt-project <folder of migrations> [--from drizzle] [--platform <sql file>] [--embedded] [--server-shadow]
 */
import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import type { Tool } from "../src/core/foreign.ts"
import { readForeignProject } from "../src/files/adopt/detect.ts"
import { comingFrom } from "../src/flows/adopt/files.ts"
import { replay } from "../src/flows/history/replay.ts"
import { inspect } from "../src/kinds/inspect.ts"
import { open } from "../test/support/migrating.ts"
import { runNself } from "../test/support/nself.ts"
import { startServer } from "../test/support/server.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: "string" }, platform: { type: "string" }, embedded: { type: "boolean" }, "server-shadow": { type: "boolean" } },
})
const source = resolve(positionals[0] ?? ".")
const dir = await mkdtemp(join(tmpdir(), "nself-adopt-"))
const say = (line: string): void => console.log(line)

/** One command; ends the script with all that was said where the exit code is another one. */
async function nself(words: string, url: string | null): Promise<string> {
  const from = performance.now()
  const said = await runNself(dir, words, { env: url === null ? {} : { DATABASE_URL: url } })
  if (said.exit !== 0) throw new Error(`nself ${words}: exit ${said.exit}\n${said.stdout.slice(-3000)}\n${said.stderr.slice(-3000)}`)
  say(`\n$ nself ${words}   (${((performance.now() - from) / 1000).toFixed(1)} s)\n${said.stdout.trimEnd().split("\n").slice(-9).join("\n")}`)
  return said.stdout
}

/** A database as the project's own tool leaves it: what the files make, and drizzle-orm's table. */
async function made(url: string): Promise<void> {
  const project = await readForeignProject(dir, { tool: (values.from ?? null) as Tool | null, folder: "source", out: "source" })
  const database = await open(url)
  const session = await database.session()
  if (values.platform) await session.script(await Bun.file(resolve(values.platform)).text())
  await replay(session, (await comingFrom(project, "source", false)).map(one => one.migration))
  if (project.tool.startsWith("drizzle")) {
    await session.script("create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)")
    for (const one of project.migrations) await session.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [one.hashes[0], one.when])
  } else {
    await session.script("create schema hdb_catalog; create table hdb_catalog.schema_migrations (version bigint, dirty boolean)")
    for (const one of project.migrations) await session.query("insert into hdb_catalog.schema_migrations values ($1, false)", [/^\d+/.exec(one.id)![0]])
  }
  await session.close()
  await database.close()
}

async function left(url: string): Promise<number> {
  const database = await open(url)
  const session = await database.session()
  const { objects } = await inspect(session.query)
  await database.close()
  return [...objects.values()].filter(object => object.kind !== "extension").length
}

try {
  await cp(source, join(dir, "source"), { recursive: true })
  const own = values.platform ? `, nself: { shadow: { setup: "./platform.sql" } }` : ""
  if (values.platform) await cp(resolve(values.platform), join(dir, "platform.sql"))
  const inPlace = await Bun.file(join(dir, "source/meta/_journal.json")).exists()
  await Bun.write(join(dir, "drizzle.config.ts"), `export default { dialect: "postgresql", schema: "./schema.ts", out: "./${inPlace ? "source" : "migrations"}"${own} }\n`)
  const server = values.embedded ? null : await startServer(18)
  const [live, fresh] = server ? [await server.database(), await server.database()] : [null, null]
  if (live) await made(live)
  const tool = values.from ? ` --from ${values.from}` : ""
  const shadow = values["server-shadow"] && server ? ` --shadow-url ${server.url}` : ""
  await nself(`db migrate adopt${tool}${inPlace ? "" : " --source source"}${shadow}${live ? "" : " --offline"}`, live)
  await nself("db migrate status --check-conflicts", null)
  if (live) await nself("db migrate up", live)
  if (live) await nself("db migrate verify-checksums", live)
  await nself("db migrate up", fresh)
  await nself("db migrate down --to 0", fresh)
  // what is numbered 0000 is not above 0
  if (/^0000_/m.test([...new Bun.Glob("0000_*.sql").scanSync(join(dir, inPlace ? "source" : "migrations"))].join("\n"))) await nself("db migrate down", fresh)
  if (fresh) say(`\nleft after all ways back: ${await left(fresh)} objects`)
  await server?.stop()
} finally {
  await rm(dir, { recursive: true, force: true })
}
