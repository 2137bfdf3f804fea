import { cac } from "cac"
import { closest } from "../core/closest.ts"
import { Fault } from "../core/fault.ts"
import type { Command, Options } from "./command.ts"

/** What was typed after a command, as typed: `0003` stays `0003`. */
export interface Given {
  readonly flag: (name: string) => boolean
  readonly value: (name: string) => string | null
  readonly values: (name: string) => readonly string[]
  readonly args: readonly string[]
}

/** Options that every command has. */
export const COMMON: Options = {
  "--env <name>": "Environment: dev (unless said), staging, prod, or one with a file .env.<name>",
  "--json": "Print the result as JSON",
  "--quiet": "Say nothing but the answer and errors",
  "--verbose": "Show which environment file said what, and every SQL text that the database and the shadow are sent, with its time",
  "--help": "Show this help",
}

/** The longest known command that `argv` starts with, and what follows it; `null` when there is none. */
export function findCommand(argv: readonly string[], commands: readonly Command[]): { command: Command; rest: readonly string[] } | null {
  for (let n = argv.length; n > 0; n--) {
    const words = argv.slice(0, n).join(" ")
    const command = commands.find(one => one.path === words)
    if (command) return { command, rest: argv.slice(n) }
  }
  return null
}

/** The fault for words that are no command, with the command that was probably meant. */
export function unknownCommand(argv: readonly string[], commands: readonly Command[]): Fault {
  const first = argv.findIndex(word => word.startsWith("-"))
  const words = argv.slice(0, first < 0 ? argv.length : first).join(" ")
  if (first === 0) return new Fault("usage", `no command before \`${argv[0]}\``, "options come after the command: nself db migrate status --env dev")
  const below = commands.filter(one => one.path.startsWith(`${words} `))
  if (below.length > 0) return new Fault("usage", `\`nself ${words}\` is not a whole command`, `nself ${below.map(one => one.path).join("\n      nself ")}`)
  const paths = commands.map(one => one.path)
  const near = paths.find(path => path.endsWith(` ${words}`) || path === words.replaceAll(":", " ")) ?? closest(words, paths)
  return new Fault("usage", `unknown command \`${words}\``, near ? `nself ${near}` : "nself --help")
}

/** Reads what follows a command. Throws a `usage` fault for an unknown option, a missing value, a word too many or too few. */
export function parseGiven(command: Command, rest: readonly string[]): Given {
  const known = Object.keys({ ...command.options, ...COMMON }).map(optionName)
  refuseValues(command, rest, known)
  const { args, options } = parsed(command, rest)
  refuseUnknown(command, rest, options, known)
  for (const option of known) refuseMisuse(command, option, valuesOf(options, option.name))
  refuseArgs(command, args)
  const list = (name: string): readonly string[] => valuesOf(options, name).filter(one => typeof one === "string")
  return {
    flag: name => (name.startsWith("no-") ? options[camel(name.slice(3))] === false : options[camel(name)] === true),
    value: name => list(name).at(-1) ?? null,
    values: list,
    args,
  }
}

/** `--to <version>` taken apart. */
export function optionName(option: string): Option {
  const [flag, value = ""] = option.split(" ")
  return { name: flag!.slice(2), takesValue: value !== "", repeats: value.endsWith("...>") }
}

interface Option { readonly name: string; readonly takesValue: boolean; readonly repeats: boolean }
type Parsed = Readonly<Record<string, unknown>>

/**
 * cac casts what looks like a number (`0003` becomes 3, `1e5` becomes 100000). A character that no number begins with, put in front of every
 * value and taken away again, keeps it as it was typed.
 */
const GUARD = "\u0001"

function parsed(command: Command, rest: readonly string[]): { readonly args: readonly string[]; readonly options: Parsed } {
  const cli = cac("nself")
  const known = cli.command(command.path)
  for (const [option, text] of Object.entries({ ...command.options, ...COMMON })) known.option(option.replace("...>", ">"), text)
  const { args, options } = cli.parse(["", "", command.path, ...rest.map(guarded)], { run: false })
  const { "--": after, ...said } = options as Parsed
  return {
    args: [...args, ...(after as string[])].map(unguarded),
    options: Object.fromEntries(Object.entries(said).map(([name, value]) => [name, Array.isArray(value) ? value.map(unguarded) : unguarded(value)])),
  }
}

function guarded(word: string): string {
  if (!word.startsWith("-") || word === "-") return `${GUARD}${word}`
  const cut = word.indexOf("=")
  return cut < 0 ? word : `${word.slice(0, cut + 1)}${GUARD}${word.slice(cut + 1)}`
}

function unguarded<T>(value: T): T {
  return typeof value === "string" && value.startsWith(GUARD) ? (value.slice(GUARD.length) as T) : value
}

/** cac's name of an option. */
function camel(name: string): string {
  return name.replaceAll(/([a-z])-([a-z])/g, (_, a: string, b: string) => `${a}${b.toUpperCase()}`)
}

function valuesOf(options: Parsed, name: string): readonly unknown[] {
  return [options[camel(name)] ?? []].flat()
}

/** `--dry-run=yes`: cac would take `yes` for a word of its own. */
function refuseValues(command: Command, rest: readonly string[], known: readonly Option[]): void {
  const flag = known.find(option => !option.takesValue && rest.some(word => word.startsWith(`--${option.name}=`)))
  if (flag) throw new Fault("usage", `\`--${flag.name}\` takes no value`, help(command))
}

function refuseUnknown(command: Command, rest: readonly string[], options: Parsed, known: readonly Option[]): void {
  const names = known.map(({ name }) => camel(name.replace(/^no-/, "")))
  const unknown = Object.keys(options).find(name => !names.includes(name))
  if (unknown === undefined) return
  const plain = (word: string): string => word.replace(/=.*$/s, "")
  const typed = plain(rest.find(word => word.startsWith("-") && camel(plain(word).replace(/^-+(no-)?/, "")).split(".")[0] === unknown) ?? `--${unknown}`)
  const near = closest(typed.replace(/^-+/, ""), known.map(option => option.name))
  throw new Fault("usage", `unknown option \`${typed}\` for \`nself ${command.path}\``, near ? `--${near}` : help(command))
}

function refuseMisuse(command: Command, { name, takesValue, repeats }: Option, values: readonly unknown[]): void {
  const wants = Object.keys({ ...command.options, ...COMMON }).find(one => one.startsWith(`--${name} <`)) ?? `--${name} <value>`
  if (takesValue && values.some(value => typeof value !== "string" || value === "")) throw new Fault("usage", `\`--${name}\` needs a value`, wants)
  if (!repeats && values.length > 1) throw new Fault("usage", `--${name} is given twice`, help(command))
}

function refuseArgs(command: Command, given: readonly string[]): void {
  const wanted = command.args ?? []
  if (given.length > wanted.length) throw new Fault("usage", `\`nself ${command.path}\` does not understand \`${given[wanted.length]}\``, help(command))
  if (given.length < wanted.length) throw new Fault("usage", `\`nself ${command.path}\` needs <${wanted[given.length]}>`, help(command))
}

function help(command: Command): string {
  return `nself ${command.path} --help`
}
