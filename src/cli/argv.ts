import { parseArgs, type ParseArgsOptionsConfig } from "node:util"
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
  const near = closest(words, commands.map(one => one.path))
  return new Fault("usage", `unknown command \`${words}\``, near ? `nself ${near}` : "nself --help")
}

/** Reads what follows a command. Throws a `usage` fault for an unknown option, a missing value, a word too many or too few. */
export function parseGiven(command: Command, rest: readonly string[]): Given {
  const options = { ...command.options, ...COMMON }
  const { values, positionals } = parse(command, rest, configOf(options))
  refuseArgs(command, positionals)
  const list = (name: string): readonly string[] => [values[name] ?? []].flat().filter(one => typeof one === "string")
  return {
    flag: name => values[name] === true,
    value: name => list(name).at(-1) ?? null,
    values: list,
    args: positionals,
  }
}

/** `--to <version>` taken apart. */
export function optionName(option: string): { name: string; takesValue: boolean; repeats: boolean } {
  const [flag, value = ""] = option.split(" ")
  return { name: flag!.slice(2), takesValue: value !== "", repeats: value.endsWith("...>") }
}

function configOf(options: Options): ParseArgsOptionsConfig {
  return Object.fromEntries(Object.keys(options).map(option => {
    const { name, takesValue } = optionName(option)
    return [name, takesValue ? { type: "string", multiple: true } : { type: "boolean" }]
  }))
}

type Parsed = { values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>; positionals: readonly string[] }

function parse(command: Command, rest: readonly string[], options: ParseArgsOptionsConfig): Parsed {
  try {
    const { values, positionals, tokens } = parseArgs({ args: [...rest], options, strict: true, allowPositionals: true, tokens: true })
    const twice = Object.keys(command.options).map(optionName).find(({ name, repeats }) => !repeats && tokens.filter(token => token.kind === "option" && token.name === name).length > 1)
    if (twice) throw new Fault("usage", `--${twice.name} is given twice`, help(command))
    return { values, positionals }
  } catch (error) {
    throw error instanceof Fault ? error : plainer(error as Error & { code?: string }, command, Object.keys(options))
  }
}

/** Node's complaints in the words of this command line. */
function plainer(error: Error & { code?: string }, command: Command, names: readonly string[]): unknown {
  const option = /'(-[^' ]*)/.exec(error.message)?.[1] ?? ""
  if (error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const near = closest(option.replace(/^-+/, ""), names)
    return new Fault("usage", `unknown option \`${option}\` for \`nself ${command.path}\``, near ? `--${near}` : help(command))
  }
  if (error.code !== "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") return error
  const wants = Object.keys(command.options).find(one => one.startsWith(`${option} <`)) ?? `${option} <value>`
  if (error.message.includes("does not take")) return new Fault("usage", `\`${option}\` takes no value`, help(command))
  return new Fault("usage", `\`${option}\` needs a value`, wants)
}

function refuseArgs(command: Command, given: readonly string[]): void {
  const wanted = command.args ?? []
  if (given.length > wanted.length) throw new Fault("usage", `\`nself ${command.path}\` does not understand \`${given[wanted.length]}\``, help(command))
  if (given.length < wanted.length) throw new Fault("usage", `\`nself ${command.path}\` needs <${wanted[given.length]}>`, help(command))
}

function help(command: Command): string {
  return `nself ${command.path} --help`
}
