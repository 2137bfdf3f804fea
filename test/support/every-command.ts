/** Every command once or more, in situations that make it say all it can say. What each printed with `--json` is handed to `take`. */
import { appendFile, cp, mkdir, rename, rm } from "node:fs/promises"
import { join, resolve } from "node:path"
import { release } from "../install/support.ts"
import { project, runNself } from "./nself.ts"
import { admin, startServer } from "./server.ts"

export interface Answer {
  readonly typed: string
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

const CONFIG = `{ "dialect": "postgresql", "schema": "./src/schema/*.ts", "out": "./migrations" }`
const SCHEMA = `import { integer, pgTable, text, timestamp } from "drizzle-orm/pg-core"
export const users = pgTable("users", { id: integer().primaryKey().generatedAlwaysAsIdentity(), mail: text().notNull().unique(), updated_at: timestamp().defaultNow() })
export const posts = pgTable("posts", { id: integer().primaryKey().generatedAlwaysAsIdentity(), author: integer().notNull().references(() => users.id), title: text() })
`

/** The situations, by name. */
export const SITUATIONS = ["daily", "branches", "repaired", "tenants", "adoption", "tools"] as const

/** Runs the commands of one situation. */
export async function everyCommand(situation: (typeof SITUATIONS)[number], take: (answer: Answer) => void): Promise<void> {
  const server = await startServer(18)
  const removes: (() => Promise<void>)[] = []
  const place = async (files: Readonly<Record<string, string>> = {}) => {
    const { dir, remove } = await project(files)
    removes.push(remove)
    const url = await server.database()
    const type = async (args: string, env: Readonly<Record<string, string>> = {}): Promise<void> => {
      take({ typed: args, ...(await runNself(dir, `${args} --json`, { env: { DATABASE_URL: url, ...env } })) })
    }
    return { dir, url, type, sql: (text: string) => admin(url, text), git: (...words: string[]) => Bun.spawnSync(["git", "-c", "user.name=a", "-c", "user.email=a@b", ...words], { cwd: dir }) }
  }
  try {
    await { daily, branches, repaired, tenants, adoption, tools }[situation](place)
  } finally {
    await Promise.all(removes.map(remove => remove()))
  }
}

type Place = (files?: Readonly<Record<string, string>>) => Promise<{
  readonly dir: string; readonly url: string
  readonly type: (args: string, env?: Readonly<Record<string, string>>) => Promise<void>
  readonly sql: (text: string) => Promise<void>
  readonly git: (...words: string[]) => unknown
}>

/** generate, up, status …, with drift, an altered file, a failing migration, faults. */
async function daily(place: Place): Promise<void> {
  const { dir, url, type, sql } = await place({ "drizzle.config.json": CONFIG, "src/schema/all.ts": SCHEMA })
  for (const args of [
    "db migrate generate --check", "db migrate generate --dry-run", "db migrate generate --name first", "db migrate generate --name again", "db migrate up --dry-run", "db migrate status", "db migrate up",
    "db migrate up", "db migrate status", "db migrate verify-checksums", "db migrate verify-checksums --offline", "db migrate lint", "db migrate log", "db migrate diff", "db diagram", "db report", "db wait --timeout 5",
    "doctor", "db migrate generate --custom --name by_hand",
  ]) await type(args)
  await Bun.write(join(dir, "migrations/0002_by_hand.sql"), "CREATE INDEX posts_title ON posts (title);\n")
  await Bun.write(join(dir, "migrations/0002_by_hand.down.sql"), "DROP INDEX posts_title;\n")
  await Bun.write(join(dir, "src/schema/all.ts"), `${SCHEMA}export const more = pgTable("more", { id: integer() })\n`)
  await sql("create table by_hand (id int); alter table users alter column mail drop not null; alter table posts drop column title")
  for (const args of ["db migrate lint", "db migrate diff", "db diagram --diff", "db report", "doctor", "db migrate up", "db migrate push --dry-run --no-renames", "db migrate push --yes --no-renames", "db migrate push --yes --no-renames --accept-loss by_hand"]) await type(args)
  await sql("alter table posts add column if not exists title text")
  await appendFile(join(dir, "migrations/0001_first.sql"), "-- changed\n")
  for (const args of ["db migrate status", "db migrate verify-checksums", "db migrate repair --dry-run", "db migrate repair --accept 0001_first.sql", "db migrate down", "db migrate up --to 99", "db migrate status --env nowhere", "db mark", `db mark --database ${new URL(url).pathname.slice(1)}`, "db migrate status --bogus"]) await type(args)
  await mkdir(join(dir, "seeds"), { recursive: true })
  await Bun.write(join(dir, "seeds/001_users.sql"), "INSERT INTO users (mail) VALUES ('a@b') ON CONFLICT DO NOTHING;\n")
  await mkdir(join(dir, "hasura/seeds/default"), { recursive: true })
  await Bun.write(join(dir, "hasura/seeds/default/001_users.sql"), "INSERT INTO users (mail) VALUES ('h@b') ON CONFLICT DO NOTHING;\n")
  for (const args of ["db migrate reset --dry-run", "db migrate reset --yes", "db seed", "db seed --once", "db seed --truncate", "db seed --truncate --yes", "db hasura seed apply", "db mock --table users --count 5", "db mock --table posts --count 5", "db mock --all --count 3 --seed 7", "db migrate down --to 0", "db migrate log"]) await type(args)
}

/** Two files of one number, markers in the journal, a rebase, a squash. */
async function branches(place: Place): Promise<void> {
  const { dir, type, git } = await place({
    "drizzle.config.json": CONFIG, "src/schema/all.ts": SCHEMA, "migrations/0001_a.sql": "CREATE TABLE a (id int);\n", "migrations/0001_a.down.sql": "DROP TABLE a;\n",
    "migrations/0002_b.sql": "CREATE TABLE b (id int);\n", "migrations/0002_b.down.sql": "DROP TABLE b;\n",
  })
  git("init", "-q", "-b", "main")
  git("add", "-A")
  git("commit", "-qm", "a")
  await type("db migrate status --check-conflicts")
  await Bun.write(join(dir, "migrations/0002_c.sql"), "CREATE TABLE c (id int);\n")
  await Bun.write(join(dir, "migrations/0002_c.down.sql"), "DROP TABLE c;\n")
  for (const args of ["db migrate status --check-conflicts", "hooks run", "hooks install", "hooks install", "db migrate renumber 0002_c.sql --to 0003 --dry-run", "db migrate renumber 0002_c.sql --to 0003", "db migrate journal rebase", "hooks run"]) await type(args)
  git("add", "-A")
  git("commit", "-qm", "c", "--no-verify")
  git("checkout", "-qb", "feature", "HEAD~1")
  git("checkout", "-q", "feature")
  await type("db migrate rebase --onto main --dry-run")
  git("merge", "-q", "--no-edit", "main")
  for (const args of ["db migrate rebase --onto main --dry-run", "db migrate rebase --onto main", "db migrate squash --to 0002 --name all --dry-run", "db migrate squash --to 0002 --name all"]) await type(args)
}

/** An applied file that was altered, in a database that is what the file makes. */
async function repaired(place: Place): Promise<void> {
  const { dir, type } = await place({ "drizzle.config.json": CONFIG, "src/schema/all.ts": "export {}\n", "migrations/0001_a.sql": "CREATE TABLE a (id int);\n", "migrations/0001_a.down.sql": "DROP TABLE a;\n" })
  await type("db migrate up")
  await appendFile(join(dir, "migrations/0001_a.sql"), "-- changed\n")
  for (const args of ["db migrate repair --dry-run", "db migrate repair --accept 0001_a.sql", "db migrate repair"]) await type(args)
}

async function tenants(place: Place): Promise<void> {
  const { dir, type, sql } = await place({ "drizzle.config.json": CONFIG, "src/schema/all.ts": SCHEMA, "migrations/0001_a.sql": "CREATE TABLE a (id int);\n", "migrations/0001_a.down.sql": "DROP TABLE a;\n" })
  for (const args of ["db tenant list", "db tenant create acme-corp", "db tenant create globex", "db tenant list"]) await type(args)
  await rename(join(dir, "migrations"), join(dir, "old"))
  await cp(join(dir, "old"), join(dir, "migrations"), { recursive: true })
  await type("db migrate generate --name users --no-renames")
  await sql("create schema tenant_new; create table tenant_globex.users (id int)")
  for (const args of [
    "db migrate status --all-tenants", "db migrate status --all-tenants --matrix", "db migrate up --all-tenants --dry-run", "db migrate up --all-tenants", "db migrate up --tenant acme-corp", "db migrate verify-checksums --all-tenants",
    "db migrate diff --all-tenants", "db report", "doctor", "db migrate down --tenant acme-corp", "db tenant drop globex", "db tenant drop globex --yes",
  ]) await type(args)
}

/** A database that is there already, another tool's folder. */
async function adoption(place: Place): Promise<void> {
  const made = "create table users (id int primary key, mail text not null)"
  const fresh = await place()
  await fresh.sql(made)
  for (const args of ["init", "init", "db migrate adopt --dry-run"]) await fresh.type(args)
  const from = await place()
  await from.sql(made)
  for (const args of ["init --from-db", "db migrate baseline --dry-run", "db migrate baseline", "db migrate generate --check"]) await from.type(args)
  const drizzle = await place({ "drizzle.config.json": CONFIG.replace("./migrations", "./drizzle"), "drizzle/0000_first.sql": `CREATE TABLE "users" ("id" integer PRIMARY KEY);\n`, "src/schema/all.ts": "export {}\n",
    "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1, tag: "0000_first", breakpoints: true }] }) })
  for (const args of ["db migrate adopt --offline --dry-run", "db migrate adopt --offline"]) await drizzle.type(args)
}

async function tools(place: Place): Promise<void> {
  const { type, dir } = await place()
  const made = await release()
  try {
    await type("upgrade --check", { NSELF_BASE_URL: made.url })
    await type("upgrade --check --version 0.0.0", { NSELF_BASE_URL: "http://127.0.0.1:1" })
  } finally {
    await made.remove()
  }
  for (const args of ["completions bash", "completions tcsh", "man", "db wait --timeout 0"]) await type(args, { DATABASE_URL: "postgres://a@127.0.0.1:1/a" })
  await rm(join(dir, "nothing"), { force: true })
}

export const SCHEMAS = resolve(import.meta.dir, "../../docs/schemas")
