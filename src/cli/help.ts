import { COMMON } from "./argv.ts"
import type { Command, Options } from "./command.ts"

/** The help of nself, or of one group of commands (`db migrate`). */
export function groupHelp(commands: readonly Command[], version: string, words: string): string {
  const listed = commands.filter(one => words === "" || one.path.startsWith(`${words} `))
  return [
    `nself ${version}: migrations for PostgreSQL schemas declared with Drizzle`, "",
    `Usage: nself ${words === "" ? "" : `${words} `}<command> [options]`, "",
    "Commands:", ...columns(listed.map(one => [one.path, one.summary])), "",
    "Options:", ...columns([["--help", "Show this help, or that of a command"], ["--version", "Show the version"]]),
  ].join("\n")
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const args = (command.args ?? []).map(name => ` <${name}>`).join("")
  return [
    command.summary, "",
    `Usage: nself ${command.path}${args} [options]`, "",
    "Options:", ...optionLines({ ...command.options, ...COMMON }),
    ...(command.examples ? ["", "Examples:", ...command.examples.map(line => `  ${line}`)] : []),
  ].join("\n")
}

function optionLines(options: Options): string[] {
  return columns(Object.entries(options).map(([option, text]) => [option.replace("...>", ">"), option.endsWith("...>") ? `${text} (repeatable)` : text]))
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
