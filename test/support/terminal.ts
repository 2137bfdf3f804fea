import { join } from "node:path"

const MAIN = join(import.meta.dir, "../../src/main.ts")

/** What a person does: when this stands on the screen (after what was there at the last answer), these keys. */
export type Answer = readonly [seen: string, keys: string]

export interface Screen {
  /** All that was shown, without colours, with LF line ends. */
  readonly text: string
  readonly exit: number
}

/** Types a command line on a pseudo-terminal, where standard input, output and error are the screen, and answers what is asked. */
export async function onTerminal(dir: string, args: string, answers: readonly Answer[] = []): Promise<Screen> {
  const open = [...answers]
  const decoder = new TextDecoder()
  let text = ""
  let from = 0
  const child = Bun.spawn([process.execPath, "--no-env-file", MAIN, ...args.split(" ")], {
    cwd: dir, env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", TERM: "dumb", NO_COLOR: "1" },
    terminal: {
      cols: 200, rows: 50,
      data(terminal, bytes) {
        text += decoder.decode(bytes, { stream: true })
        const next = open[0]
        if (!next || !text.slice(from).includes(next[0])) return
        open.shift()
        from = text.length
        terminal.write(next[1])
      },
    },
  })
  const exit = await child.exited
  child.terminal?.close()
  const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g
  return { text: text.replaceAll("\r\n", "\n").replace(escapes, ""), exit }
}
