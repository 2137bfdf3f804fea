import type { Context } from "../core/context.ts"
import { EXIT, Fault } from "../core/fault.ts"
import { findCommand, parseGiven, unknownCommand, type Given } from "./argv.ts"
import type { Command, Progress } from "./command.ts"
import { commandHelp, groupHelp } from "./help.ts"
import type { Paint } from "./paint.ts"
import { spinning } from "./spinner.ts"

/** Where text leaves. Both mask passwords; `paint*` know whether their stream is a terminal. */
export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly paintOut: Paint
  readonly paintErr: Paint
}

export { findCommand }

/** Runs one command line and returns the exit code. Throws only what nself did not foresee. */
export async function run(argv: readonly string[], commands: readonly Command[], ctx: Context, streams: Streams): Promise<number> {
  try {
    return await dispatch(argv, commands, ctx, streams)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (argv.includes("--json")) streams.out(envelope({ command: findCommand(argv, commands)?.command.path ?? null, error: faultJson(error) }))
    streams.err(faultText(error, streams.paintErr))
    return EXIT[error.exit]
  }
}

async function dispatch(argv: readonly string[], commands: readonly Command[], ctx: Context, streams: Streams): Promise<number> {
  if (argv.length === 0) throw new Fault("usage", "no command was given", "nself --help")
  if (argv[0] === "help") return dispatch([...argv.slice(1), "--help"], commands, ctx, streams)
  if (["--version", "-v", "-V", "version"].includes(argv[0]!)) return say(streams, ctx.version)
  const found = findCommand(argv, commands)
  const help = argv.some(word => word === "--help" || word === "-h")
  if (!found && help) return groupOrUnknown(argv, commands, ctx, streams)
  if (!found) throw unknownCommand(argv, commands)
  if (help) return say(streams, commandHelp(found.command))
  return perform(found.command, found.rest, ctx, streams)
}

function groupOrUnknown(argv: readonly string[], commands: readonly Command[], ctx: Context, streams: Streams): number {
  const words = argv.filter(word => !word.startsWith("-")).join(" ")
  if (words !== "" && !commands.some(one => one.path.startsWith(`${words} `))) throw unknownCommand(argv, commands)
  return say(streams, groupHelp(commands, ctx.version, words))
}

async function perform(command: Command, rest: readonly string[], ctx: Context, streams: Streams): Promise<number> {
  const given = parseGiven(command, rest)
  const json = given.flag("json")
  const silent = json || given.flag("quiet")
  const progress: Progress = chunk => (silent ? undefined : streams.out(chunk))
  const own = spoken(given.flag("show-detail") ? { ...ctx, showDetail: true } : ctx, given)
  if (own.trace) (await import("../flows/trace.ts")).traceShadows(own.trace)
  const spinner = command.shadow ? spinning(own, progress, `nself ${command.path}`) : { ctx: own, progress, stop: () => {} }
  const result = await command.run(spinner.ctx, given, spinner.progress).finally(spinner.stop)
  const fault = command.fault?.(result) ?? null
  if (json) streams.out(envelope({ command: command.path, data: command.json ? command.json(result) : result, ...(fault ? { error: faultJson(fault) } : {}) }))
  else say(streams, command.text(result, streams.paintOut))
  if (!fault) return EXIT[command.exit?.(result) ?? "ok"]
  streams.err(faultText(fault, streams.paintErr))
  return EXIT[fault.exit]
}

/** The context as loud as it was asked for. */
function spoken(ctx: Context, given: Given): Context {
  const [quiet, verbose] = [given.flag("quiet"), given.flag("verbose")]
  if (quiet && verbose) throw new Fault("usage", "--quiet and --verbose ask for opposite things", "leave one of them out")
  if (verbose) return { ...ctx, trace: (sql, ms) => ctx.talk(traceLine(sql, ms)) }
  if (!quiet) return ctx
  const { live: _, ...rest } = ctx
  return { ...rest, talk: () => {} }
}

/** Longer texts are cut: those of migrations can be read in their files. Characters. */
const TRACE_LENGTH = 4000

function traceLine(sql: string, ms: number): string {
  const line = sql.replace(/\s+/g, " ").trim()
  return `[${ms.toFixed(1).padStart(7)} ms] ${line.length > TRACE_LENGTH ? `${line.slice(0, TRACE_LENGTH)}…` : line}`
}

/** Every answer of `--json`: `data`, or `error`, or both where a part was done before it failed. `docs/schemas/` says what stands in them. */
function envelope(body: { readonly command: string | null; readonly data?: unknown; readonly error?: object }): string {
  return `${JSON.stringify({ schema_version: "1", ...body }, null, 2)}\n`
}

/** `code`: the SQLSTATE where PostgreSQL said no, else the class in capitals. */
function faultJson({ exit, message, hint, cause }: Fault): object {
  const sqlstate = (cause as { code?: unknown } | undefined)?.code
  const code = typeof sqlstate === "string" && /^[0-9A-Z]{5}$/.test(sqlstate) ? sqlstate : `NSELF_${exit.toUpperCase()}`
  return { code, class: exit, exit_code: EXIT[exit], message, ...(hint ? { hint } : {}) }
}

function faultText(fault: Fault, paint: Paint): string {
  const hint = fault.hint ? `\n${paint.bold("hint")}: ${fault.hint}\n` : ""
  return `${paint.red("error")}: ${fault.message}\n${hint}`
}

function say(streams: Streams, text: string): number {
  if (text !== "") streams.out(`${text}\n`)
  return EXIT.ok
}
