/**
 * `bun run fuzz`: bent journals, snapshots, configs, environment files, SQL files and URLs. Whatever stands in them: no stack trace, no exit 70, no secret.
 *
 * bun run fuzz [--inputs 20000] [--seed <n>] [--spawned 100]
 *
 * Each input runs its commands in this process, through the same `run` as `main.ts`; every so many also as a process of its own.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { mkdir, writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { commands } from "../../src/cli/commands.ts"
import { paintFor } from "../../src/cli/paint.ts"
import { run } from "../../src/cli/run.ts"
import type { Context } from "../../src/core/context.ts"
import { EXIT, Fault } from "../../src/core/fault.ts"
import { lossesIn } from "../../src/core/losses.ts"
import { passwordsIn, redactor, secretsOf } from "../../src/core/redact.ts"
import { messagesOf, splitStatements } from "../../src/core/statements.ts"
import { readEnvironment } from "../../src/files/environment.ts"
import { labelOf } from "../../src/pg/settings.ts"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import { runNself } from "../../test/support/nself.ts"
import { generator } from "../random.ts"
import { mutate } from "./mutate.ts"
import { FILES, KINDS, SECRET, URLS, type Kind } from "./project.ts"

const { values } = parseArgs({ options: { inputs: { type: "string", default: "20000" }, seed: { type: "string", default: String(Date.now() % 1_000_000) }, spawned: { type: "string", default: "100" } } })
const [inputs, spawned] = [Number(values.inputs), Number(values.spawned)]
const random = generator(Number(values.seed))
console.log(`fuzz: ${inputs} inputs, seed ${values.seed} (the same again: bun run fuzz --inputs ${inputs} --seed ${values.seed})`)

const dir = await mkdtemp(join(tmpdir(), "nself-fuzz-"))
for (const [path, text] of Object.entries(FILES)) await put(path, text)
const ends = new Map<string, number>()
let bad = 0

for (let i = 0; i < inputs; i++) {
  if (random() < 0.15) await tryUrl(i)
  else await tryFile(i, KINDS[Math.floor(random() * KINDS.length)]!)
}
await rm(dir, { recursive: true, force: true })
console.log([...ends].toSorted().map(([end, n]) => `${end}: ${n}`).join(", "))
console.log(`${inputs - bad} of ${inputs} inputs ended as they should`)
process.exit(bad === 0 ? 0 : 1)

async function tryFile(i: number, kind: Kind): Promise<void> {
  const path = kind.files[Math.floor(random() * kind.files.length)]!
  const bytes = mutate(FILES[path]!, random)
  await put(path, bytes)
  for (const command of kind.commands) await check(i, kind.name, command, bytes, () => inProcess(command.split(" ")))
  if (kind.name === "environment" && (await staysHere())) await check(i, kind.name, "db migrate status", bytes, () => inProcess(["db", "migrate", "status"]))
  if (kind.name === "sql") await check(i, kind.name, "parse", bytes, () => parsed(bytes.toString("utf8").replaceAll("\0", "")))
  if (spawned > 0 && i % Math.ceil(inputs / spawned) === 0) {
    await check(i, kind.name, `spawned ${kind.commands[0]}`, bytes, () => runNself(dir, kind.commands[0]!))
  }
  await put(path, FILES[path]!)
}

/** Whether the bent environment names this machine alone: nothing else is ever spoken to. */
async function staysHere(): Promise<boolean> {
  try {
    const { env } = await readEnvironment(dir, null, {})
    return settingsFrom({ url: null, env })?.hosts.every(({ host }) => ["127.0.0.1", "::1", "localhost"].includes(host)) ?? false
  } catch {
    return true // refused before anything is opened, which is what is to be seen
  }
}

/** What the runner and the guards make of an SQL text; all of it comes back in pieces, none of it is lost. */
async function parsed(text: string): Promise<Ended> {
  const statements = await splitStatements(text)
  messagesOf(text, statements)
  await lossesIn(text)
  const chars = [...text]
  const misplaced = statements.find(one => one.node !== "" && chars.slice(one.start, one.start + 3).join("") !== [...one.text].slice(0, 3).join(""))
  return { stdout: "", stderr: misplaced ? `misplaced at ${misplaced.start}: ${misplaced.text.slice(0, 40)}\n    at fuzz` : "", exit: 0 }
}

async function tryUrl(i: number): Promise<void> {
  const url = mutate(URLS[Math.floor(random() * URLS.length)]!, random).toString("utf8")
  await check(i, "url", "settings", Buffer.from(url), async () => {
    const mask = redactor([...passwordsIn(url), SECRET])
    try {
      const settings = settingsFrom({ url: random() < 0.5 ? url : null, env: { DATABASE_URL: url, USER: "app" } })
      return { stdout: mask(settings ? labelOf(settings) : ""), stderr: "", exit: 0 }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      // not masked: a fault about a URL must not hold a part of it at all
      return { stdout: "", stderr: `${error.message}\n${error.hint ?? ""}`, exit: EXIT[error.exit] }
    }
  })
}

interface Ended { readonly stdout: string; readonly stderr: string; readonly exit: number }

async function check(i: number, kind: string, what: string, input: Uint8Array, work: () => Promise<Ended>): Promise<void> {
  const said = await work().catch((error: unknown): Ended => ({ stdout: "", stderr: `THROWN ${error instanceof Error ? error.stack : String(error)}`, exit: EXIT.bug }))
  ends.set(`exit ${said.exit}`, (ends.get(`exit ${said.exit}`) ?? 0) + 1)
  const all = said.stdout + said.stderr
  const why = said.exit === EXIT.bug ? "exit 70" : /^\s+at .+/m.test(all) ? "a stack trace" : Buffer.from(input).includes(SECRET) && all.includes(SECRET) ? "the secret was said" : null
  if (why === null) return
  bad++
  console.log(`\n--- input ${i} (${kind}, ${what}): ${why}\n${all.slice(0, 1500)}\n--- the input, as JSON\n${JSON.stringify(Buffer.from(input).toString("latin1").slice(0, 600))}`)
}

/** As `main.ts` does it, with the same door for secrets. */
async function inProcess(argv: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent" }
  const secrets: string[] = [...secretsOf(env)]
  let redact = redactor(secrets)
  const texts = { out: "", err: "" }
  const ctx: Context = {
    cwd: dir, env, version: "0.0.0", self: ["false"], now: () => new Date(), uuid: () => crypto.randomUUID(), ask: null, signal: new AbortController().signal,
    talk: line => void (texts.err += redact(`${line}\n`)),
    hide: secret => {
      secrets.push(secret)
      redact = redactor(secrets)
    },
  }
  const paint = paintFor(false, {})
  const exit = await run(argv, commands, ctx, { out: text => void (texts.out += redact(text)), err: text => void (texts.err += redact(text)), paintOut: paint, paintErr: paint })
  return { stdout: texts.out, stderr: texts.err, exit }
}

async function put(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}
