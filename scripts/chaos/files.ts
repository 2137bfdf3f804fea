/**
 * `bun run chaos:files`: kill -9 at random moments of generate, renumber and rebase. After each kill the journal is whole, no file is half, and the folder is
 * as it was or as it was to become, as soon as the next command has looked at it.
 *
 * bun run chaos:files [--rounds 200] [--seed 1] [--quick]
 *
 * `--quick`: only those that open no shadow, for the ordinary run of the tests.
 */
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { project, runNself } from "../../test/support/nself.ts"
import { generator } from "../random.ts"

const { values } = parseArgs({ options: { rounds: { type: "string", default: "200" }, seed: { type: "string", default: "1" }, quick: { type: "boolean", default: false } } })
const rounds = Number(values.rounds)
const random = generator(Number(values.seed))
const MAIN = join(import.meta.dir, "../../src/main.ts")

const SCHEMA = `import { integer, pgTable, text } from "drizzle-orm/pg-core"
export const users = pgTable("np_users", { id: integer("id").primaryKey(), email: text("email") })\n`
const CONFIG = `{"dialect":"postgresql","schema":"./schema.ts","out":"./migrations"}`

/** What is killed, and how the folder may look afterwards. */
const QUICK = ["db migrate generate --custom --name own", "db migrate renumber 0002_b.sql --to 0009"]
const COMMANDS = values.quick ? QUICK : ["db migrate generate --name next", ...QUICK, "db migrate rebase --onto main"]

const plain = await makeTemplate()
const merged = values.quick ? plain : await mergedTemplate(plain)
const templateOf = (command: string): string => (command.includes("rebase") ? merged : plain)
const lengths = new Map<string, number>()
for (const command of COMMANDS) lengths.set(command, await measure(command))
console.log(`chaos:files: ${rounds} kills, seed ${values.seed}; ${[...lengths].map(([command, ms]) => `${command.split(" ")[2]} ${Math.round(ms)} ms`).join(", ")}`)

let [wrong, before, after] = [0, 0, 0]
for (let round = 0; round < rounds; round++) {
  const command = COMMANDS[round % COMMANDS.length]!
  const dir = await copy(templateOf(command))
  const child = Bun.spawn([process.execPath, MAIN, ...command.split(" ")], { cwd: dir, stdin: "ignore", stdout: "ignore", stderr: "ignore", env: env() })
  // half of the kills anywhere, half of them near the end, where the files are written
  const length = lengths.get(command)!
  await Bun.sleep(random() < 0.5 ? random() * length : length * (0.8 + random() * 0.3))
  child.kill("SIGKILL")
  await child.exited
  const said = await lookAt(dir, templateOf(command))
  if (said === "before") before++
  else if (said === "after") after++
  else {
    wrong++
    console.log(`round ${round} (${command}): ${said}`)
  }
  await rm(dir, { recursive: true, force: true })
}
console.log(`${rounds - wrong} of ${rounds} whole: ${before} as before, ${after} as after the command`)
for (const dir of new Set([plain, merged])) await rm(dir, { recursive: true, force: true })
process.exit(wrong === 0 ? 0 : 1)

function env(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/" }
}

/** `before`, `after`, or what is wrong. The journal is read as it lies there first: whole at every moment. */
async function lookAt(dir: string, template: string): Promise<string> {
  const journal = await readFile(join(dir, "migrations/meta/_journal.json"), "utf8")
  if (template !== plain && (await unchanged(dir, template))) return "before"
  try {
    JSON.parse(journal)
  } catch {
    return `the journal is torn: ${journal.slice(0, 80)}`
  }
  const status = await runNself(dir, "db migrate verify-checksums --offline")
  if (status.exit !== 0) return `exit ${status.exit}: ${status.stdout}${status.stderr}`
  const names = (await readdir(join(dir, "migrations"))).filter(name => name.endsWith(".sql"))
  const entries = (JSON.parse(await readFile(join(dir, "migrations/meta/_journal.json"), "utf8")) as { entries: { tag: string }[] }).entries.map(entry => entry.tag)
  const files = names.filter(name => !name.endsWith(".down.sql")).map(name => name.slice(0, -4))
  if (JSON.stringify(entries.toSorted()) !== JSON.stringify(files.toSorted())) return `journal ${entries.join(" ")}, files ${files.join(" ")}`
  if (files.some(name => !names.includes(`${name}.down.sql`))) return `a down file is missing: ${names.join(" ")}`
  return JSON.stringify(files.toSorted()) === JSON.stringify(["0001_a", "0002_b"]) ? "before" : "after"
}

/** A git repository with one migration on `main` and another one on the branch, and a change of the schema that no migration has. */
async function makeTemplate(): Promise<string> {
  const { dir } = await project({ "drizzle.config.json": CONFIG, "schema.ts": SCHEMA.replace(', email: text("email")', "") })
  const git = (...words: string[]) => Bun.$`git -c user.name=a -c user.email=a@b.example -c init.defaultBranch=main ${words}`.cwd(dir).quiet()
  const must = async (args: string): Promise<void> => {
    const { exit, stderr } = await runNself(dir, args)
    if (exit !== 0) throw new Error(`${args}: ${stderr}`)
  }
  await git("init")
  await must(`db migrate generate ${values.quick ? "--custom " : ""}--name a`)
  await git("add", "-A")
  await git("commit", "-m", "a")
  await git("checkout", "-b", "mine")
  await must("db migrate generate --custom --name b")
  await git("add", "-A")
  await git("commit", "-m", "b")
  await git("checkout", "main")
  await git("checkout", "mine")
  await Bun.write(join(dir, "schema.ts"), SCHEMA)
  return dir
}

/** The branch after git merged another one that took the same number: the journal has git's markers, which rebase understands. */
async function mergedTemplate(from: string): Promise<string> {
  const dir = await copy(from)
  const git = (...words: string[]) => Bun.$`git -c user.name=a -c user.email=a@b.example ${words}`.cwd(dir).quiet().nothrow()
  await git("stash")
  await git("checkout", "main")
  await runNself(dir, "db migrate generate --custom --name m")
  await git("add", "-A")
  await git("commit", "-m", "m")
  await git("checkout", "mine")
  await git("merge", "main")
  await git("add", "-A")
  await git("commit", "-m", "merge")
  if ((await readdir(join(dir, "migrations"))).filter(name => /^0002_\w+\.sql$/.test(name)).length !== 2) throw new Error("the template has no conflict")
  return dir
}

/** Whether nothing of what was there has changed, once the next command has finished what it finds. */
async function unchanged(dir: string, template: string): Promise<boolean> {
  await runNself(dir, "db migrate status --check-conflicts")
  const visible = async (at: string) => JSON.stringify(await Promise.all((await readdir(join(at, "migrations"), { recursive: true })).filter(name => /\.(sql|json)$/.test(name) && !name.includes(".nself-")).toSorted()
    .map(async name => [name, await readFile(join(at, "migrations", name), "utf8")])))
  return (await visible(dir)) === (await visible(template))
}

async function copy(template: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "nself-chaos-"))
  await cp(template, dir, { recursive: true })
  return dir
}

/** How long the command takes here, undisturbed. Milliseconds. */
async function measure(command: string): Promise<number> {
  const dir = await copy(templateOf(command))
  const started = performance.now()
  await runNself(dir, command)
  const took = performance.now() - started
  await rm(dir, { recursive: true, force: true })
  return took
}
