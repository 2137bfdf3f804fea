import { COMMON } from "./argv.ts"
import type { Command, Options } from "./command.ts"

/** Every command with its options and examples, as Markdown. */
export function referencePage(commands: readonly Command[]): string {
  return [
    "# Commands", "", "Made from the commands themselves by `bun run scripts/reference.ts`; do not edit.", "",
    "| command | what it does |", "|---|---|", ...commands.map(({ path, summary }) => `| [\`nself ${path}\`](#${anchor(path)}) | ${cell(summary)} |`), "",
    "Options that every command has:", "", ...table(COMMON), "",
    ...commands.flatMap(section),
  ].join("\n")
}

function section({ path, summary, args = [], options, examples = [] }: Command): string[] {
  return [
    `## nself ${path}`, "", `${summary}.`, "", `\`nself ${path}${args.map(name => ` <${name}>`).join("")} [options]\``, "",
    ...(Object.keys(options).length > 0 ? [...table(options), ""] : []),
    ...(examples.length > 0 ? ["```sh", ...examples, "```", ""] : []),
  ]
}

function table(options: Options): string[] {
  return ["| option | |", "|---|---|", ...Object.entries(options).map(([option, text]) => `| \`${option.replace("...>", ">")}\` | ${cell(text)}${option.endsWith("...>") ? " (repeatable)" : ""} |`)]
}

const anchor = (path: string): string => `nself-${path.replaceAll(" ", "-")}`
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;")
