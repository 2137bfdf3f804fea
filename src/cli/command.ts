import type { Context } from "../core/context.ts"
import type { Exit, Fault } from "../core/fault.ts"
import type { Given } from "./argv.ts"
import type { Paint } from "./paint.ts"
import { withUrlOptions } from "./url-options.ts"

/** `--to <version>` takes a value, `--rename <old=new...>` may be repeated, `--json` is a flag; the text is its line in the help. */
export type Options = Readonly<Record<`--${string}`, string>>

/** Writes a part of the answer while the command still runs; says nothing with `--json`. */
export type Progress = (chunk: string) => void

/** One command as data. What it returns is read three times: as text, as JSON, as an exit code. */
export interface Command<R = unknown> {
  /** The words that call it: `db migrate status`. */
  readonly path: string
  readonly summary: string
  /** Names of the words that follow the command, all required: `["file"]`. */
  readonly args?: readonly string[]
  readonly options: Options
  readonly examples?: readonly string[]
  /** `true` where it works in a shadow, a PostgreSQL in WebAssembly: `main.ts` then starts with what suits a short life. */
  readonly shadow?: boolean
  readonly run: (ctx: Context, given: Given, progress: Progress) => Promise<R>
  /** What a person reads on stdout, without the last line feed. */
  readonly text: (result: R, paint: Paint) => string
  /** What `--json` prints; the result itself when it is left out. */
  readonly json?: (result: R) => unknown
  readonly exit?: (result: R) => Exit
  /** A failure that came after a part was done: the text is printed first, then this. */
  readonly fault?: (result: R) => Fault | null
}

/** Gives a command its type and forgets what it returns, so that all stand in one list. */
export function command<R>(given: Command<R>): Command {
  return withUrlOptions(given) as unknown as Command
}
