import type { Context } from "../core/context.ts"
import type { Progress } from "./command.ts"

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const REDRAW_MS = 100
/** What is quicker shows nothing. Milliseconds. */
const PATIENCE_MS = 300

export interface Spinning {
  readonly ctx: Context
  readonly progress: Progress
  readonly stop: () => void
}

/**
 * A sign of life on a terminal for work that says nothing for a while. Whatever the command says, asks or shows itself takes the line away first;
 * a command with a live line of its own keeps that one. Nothing at all where stderr is no terminal.
 */
export function spinning(ctx: Context, progress: Progress, label: string): Spinning {
  const { live, ask } = ctx
  if (!live) return { ctx, progress, stop: () => {} }
  const start = performance.now()
  let over = false
  const draw = (): void => {
    const ms = performance.now() - start
    if (ms >= PATIENCE_MS) live(`${FRAMES[Math.floor(ms / REDRAW_MS) % FRAMES.length]} ${label} (${(ms / 1000).toFixed(1)} s)`)
  }
  const timer = setInterval(draw, REDRAW_MS)
  const clear = (): void => {
    if (!over) live(null)
  }
  const stop = (): void => {
    clearInterval(timer)
    clear()
    over = true
  }
  const quietly = <A extends unknown[], R>(say: (...args: A) => R) => (...args: A): R => {
    clear()
    return say(...args)
  }
  const lastly = <A extends unknown[], R>(say: (...args: A) => R) => (...args: A): R => {
    stop()
    return say(...args)
  }
  return { stop, progress: lastly(progress), ctx: { ...ctx, talk: quietly(ctx.talk), live: lastly(live), ask: ask && lastly(ask) } }
}
