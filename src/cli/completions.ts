import { COMMON, optionName } from "./argv.ts"
import type { Command } from "./command.ts"

export const SHELLS = ["bash", "zsh", "fish"] as const
export type Shell = (typeof SHELLS)[number]

/** A shell script that completes every command, option and the values that are known; made from the commands, so it never lags behind them. */
export function completions(shell: Shell, commands: readonly Command[]): string {
  return { bash, zsh, fish }[shell](commands)
}

interface Node {
  /** `db migrate`, empty for the top. */
  readonly path: string
  /** The words that may follow, with what they do. */
  readonly words: readonly { readonly word: string; readonly summary: string }[]
}

/** Every place on the way to a command, and what may follow there. */
function nodesOf(commands: readonly Command[]): readonly Node[] {
  const paths = new Set(commands.flatMap(({ path }) => path.split(" ").map((_, i, words) => words.slice(0, i).join(" "))))
  return [...paths].toSorted().map(path => {
    const below = commands.filter(one => path === "" || one.path.startsWith(`${path} `))
    const next = Map.groupBy(below, one => one.path.slice(path === "" ? 0 : path.length + 1).split(" ")[0]!)
    return { path, words: [...next].map(([word, group]) => ({ word, summary: group.length === 1 ? group[0]!.summary : `${group.length} commands` })) }
  })
}

interface Flag {
  readonly flag: string
  readonly text: string
  /** What its value is, as the help says it; `null`: it takes none. */
  readonly value: string | null
}

function flagsOf(command: Command): readonly Flag[] {
  return Object.entries({ ...command.options, ...COMMON }).map(([option, text]) => {
    const { name, takesValue } = optionName(option)
    return { flag: `--${name}`, text, value: takesValue ? (/<([^.>]+)/.exec(option)?.[1] ?? "value") : null }
  })
}

/** Values that can be offered: environments by their files, files, and nothing for what only the person knows. */
function kindOf({ flag, value }: Flag): "env" | "file" | "none" {
  return flag === "--env" ? "env" : value === "file" || value === "path" ? "file" : "none"
}

const takesFile = ({ args = [] }: Command): boolean => args.includes("file")
const ENVIRONMENTS = "dev test staging prod"
/** `.env.staging` in the folder makes `staging` an environment. */
const ENV_FILES = "for f in .env.*; do case $f in *\\*|*.secrets|*.local|*.example) ;; *) printf '%s\\n' \"${f#.env.}\" ;; esac; done"

function bash(commands: readonly Command[]): string {
  const nodes = nodesOf(commands).map(({ path, words }) => `    ${JSON.stringify(path)}) words="${words.map(one => one.word).join(" ")}" ;;`)
  const leaves = commands.map(command => `    ${JSON.stringify(command.path)}) words="${flagsOf(command).map(one => one.flag).join(" ")}"${takesFile(command) ? " files=1" : ""} ;;`)
  const flags = commands.flatMap(flagsOf)
  const by = (kind: string): string => [...new Set(flags.filter(one => one.value !== null && kindOf(one) === kind).map(one => one.flag))].toSorted().join("|")
  return `# bash completion of nself; made by: nself completions bash
_nself() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path="" words="" files="" i
  COMPREPLY=()
  case $prev in
    ${by("env")}) COMPREPLY=($(compgen -W "${ENVIRONMENTS} $(${ENV_FILES})" -- "$cur")); return ;;
    ${by("file")}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    ${by("none")}) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in -*) break ;; esac
    path="\${path:+$path }\${COMP_WORDS[i]}"
  done
  case $path in
${[...nodes, ...leaves].join("\n")}
    *) files=1 ;;
  esac
  [ -z "$path" ] && words="$words --help --version"
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [ -n "$files" ] && COMPREPLY+=($(compgen -f -- "$cur"))
}
complete -o filenames -F _nself nself
`
}

function zsh(commands: readonly Command[]): string {
  const said = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("'", "'\\''").replaceAll(":", "\\:").replaceAll("[", "\\[").replaceAll("]", "\\]")
  const nodes = nodesOf(commands).map(({ path, words }) => `    '${path}') nexts=(${words.map(one => `'${one.word}:${said(one.summary)}'`).join(" ")}); _describe -t commands 'nself command' nexts ;;`)
  const action = (flag: Flag): string => {
    if (flag.value === null) return ""
    return `:${flag.value}:${{ env: "_nself_environments", file: "_files", none: " " }[kindOf(flag)]}`
  }
  const repeats = (command: Command, { flag }: Flag): string => (Object.keys(command.options).some(one => one.startsWith(`${flag} `) && one.endsWith("...>")) ? "*" : "")
  const leaves = commands.map(command => `    '${command.path}') words=(nself "\${(@)words[n+2,-1]}"); (( CURRENT -= n )); _arguments -S ${[...flagsOf(command).map(flag => `'${repeats(command, flag)}${flag.flag}[${said(flag.text)}]${action(flag)}'`), ...(takesFile(command) ? ["'*:file:_files'"] : [])].join(" ")} ;;`)
  return `#compdef nself
# zsh completion of nself; made by: nself completions zsh
_nself_environments() {
  local -a names
  names=(${ENVIRONMENTS} \${$(print -l .env.*(N))#.env.})
  names=(\${(u)names:#(secrets|local|example)})
  compadd -a names
}
_nself() {
  local at='' word
  local -a nexts
  integer n=0
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] && break
    at="\${at:+$at }$word"
    (( n++ ))
  done
  case $at in
${nodes.join("\n")}
${leaves.join("\n")}
    *) _files ;;
  esac
}
if [[ $funcstack[1] == _nself ]]; then _nself "$@"; else compdef _nself nself; fi
`
}

function fish(commands: readonly Command[]): string {
  const said = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
  const at = (path: string): string => `-n ${said(`__nself_at "${path}"`)}`
  const nodes = nodesOf(commands).flatMap(({ path, words }) => words.map(({ word, summary }) => `complete -c nself -f ${at(path)} -a ${said(word)} -d ${said(summary)}`))
  const leaves = commands.flatMap(command => flagsOf(command).map(flag => {
    const value = flag.value === null ? " -f" : { env: " -x -a '(__nself_environments)'", file: " -r -F", none: " -x" }[kindOf(flag)]
    return `complete -c nself ${at(command.path)} -l ${flag.flag.slice(2)}${value} -d ${said(flag.text)}`
  }))
  const files = commands.filter(takesFile).map(command => `complete -c nself -F ${at(command.path)}`)
  return `# fish completion of nself; made by: nself completions fish
function __nself_at --argument-names path
    set -l words
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; and break
        set -a words $word
    end
    test "$words" = "$path"
end
function __nself_environments
    printf '%s\\n' ${ENVIRONMENTS}
    for file in .env.*
        string match -qr '\\.(secrets|local|example)$' -- $file; or string replace -r '^\\.env\\.' '' -- $file
    end
end
${[...nodes, ...leaves, ...files].join("\n")}
`
}
