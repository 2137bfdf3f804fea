import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { parseEnv } from "node:util"
import { closest } from "../core/closest.ts"
import { Fault } from "../core/fault.ts"
import { readText } from "./read-text.ts"

export interface Environment {
  /** `dev`, `staging`, `prod`, or another one that has an `.env.<name>` file. */
  readonly name: string
  /** Whether a person wrote `--env`, or a variable or the default chose. */
  readonly saidBy: "flag" | "variable" | "default"
  /** Files under the process environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The files that were read, in order. */
  readonly files: readonly string[]
  /** What each of them says; later ones win, and the process environment over them. */
  readonly read: readonly (EnvFile & { readonly file: string })[]
  /** The files that were looked for, in the same order. */
  readonly wanted: readonly string[]
}

interface EnvFile {
  readonly values: Readonly<Record<string, string>>
  /** Names that it says and may not say. */
  readonly refused: readonly string[]
}

type Env = Readonly<Record<string, string | undefined>>

const ALIASES: Readonly<Record<string, string>> = { development: "dev", local: "dev", stage: "staging", production: "prod" }
const ALWAYS = ["dev", "test", "staging", "prod"]
/** What would change how programs run, not what the project is; a file may never say it. */
const FORBIDDEN = /^(NODE_|BUN_|LD_|DYLD_)|^(PATH|HOME)$/i

/**
 * The project's environment: `.env`, `.env.<env>`, `.env.secrets`, `.env.local`, later ones win, and the process environment over them.
 *
 * @param root     the project's folder, nowhere else is looked
 * @param said     the value of `--env`; `null` when it was not given
 * @param process  the environment nself was started with
 * Throws a `usage` fault for an unknown environment.
 */
export async function readEnvironment(root: string, said: string | null, process: Env): Promise<Environment> {
  const base = await readEnvFile(root, ".env")
  const variable = chosen(process) ?? chosen(base?.values ?? {})
  const name = await knownName(root, said ?? variable ?? "dev")
  const saidBy = said !== null ? "flag" : variable !== null ? "variable" : "default"
  const wanted = [".env", `.env.${name}`, ".env.secrets", ".env.local"]
  const read = await Promise.all(wanted.map(async file => ({ file, said: file === ".env" ? base : await readEnvFile(root, file) })))
  const found = read.flatMap(({ file, said }) => (said ? [{ file, ...said }] : []))
  return { name, saidBy, env: Object.assign({}, ...found.map(one => one.values), process), files: found.map(one => one.file), read: found, wanted }
}

/** POSIX shells use `ENV` for the path of a startup file; such a value names no environment. */
function chosen(env: Env): string | null {
  const value = env["NSELF_ENV"] || env["ENV"] || null
  return value?.includes("/") ? null : value
}

async function readEnvFile(root: string, file: string): Promise<EnvFile | null> {
  const text = await readText(root, join(root, file), file)
  if (text === null) return null
  const values = Object.entries(parseEnv(text.replace(/^\uFEFF/, ""))).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const refused = values.map(([name]) => name).filter(name => FORBIDDEN.test(name))
  return { values: Object.fromEntries(values.filter(([name]) => !FORBIDDEN.test(name))), refused }
}

async function knownName(root: string, typed: string): Promise<string> {
  const name = ALIASES[typed] ?? typed
  if (ALWAYS.includes(name)) return name
  const files = (await readdir(root).catch(() => [])).filter(file => file.startsWith(".env.")).map(file => file.slice(5))
  const known = [...ALWAYS, ...files.filter(one => !["secrets", "local", "example"].includes(one))]
  if (known.includes(name)) return name
  const near = closest(name, known)
  throw new Fault("usage", `unknown environment \`${typed}\``, near ? `--env ${near}` : `known are ${known.join(", ")}; a file .env.${/^[\w-]+$/.test(name) ? name : "<name>"} makes another one`)
}
