import type { Trace } from "./heard.ts"

/** What a flow may know of the outside. `main.ts` fills it from the process; a test fills it by hand. */
export interface Context {
  /** Where the person stands; the project's root is looked for from here upwards. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** nself's own version, `0.1.0`. */
  readonly version: string
  /** The argv that starts this program again: `[execPath]` when compiled, `[bun, main.ts]` from source. */
  readonly self: readonly string[]
  readonly now: () => Date
  readonly uuid: () => string
  /** One line to stderr: talk and progress, never the answer. */
  readonly talk: (line: string) => void
  /** One line on the terminal that the next one is written over; `null` takes it away. Not there where stderr is no terminal. */
  readonly live?: (line: string | null) => void
  /** Told of every SQL text that the database and the shadows are sent; not there unless somebody asked (`--verbose`). */
  readonly trace?: Trace
  /** Whether errors may quote rows outside of dev and test, too (`--show-detail`). */
  readonly showDetail?: boolean
  /** Asks on the terminal and returns the chosen value; `null` where there is no terminal, and nobody may wait for an answer then. */
  readonly ask: Ask | null
  /** From now on this text is masked wherever nself speaks: a password that was just read. */
  readonly hide?: (secret: string) => void
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
}

/** Without choices the answer is what was typed. */
export type Ask = (question: string, choices: readonly { readonly value: string; readonly label: string }[]) => Promise<string>
