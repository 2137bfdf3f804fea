import type { Context } from "../core/context.ts"
import type { TenantProgress } from "../core/tenant-run.ts"
import { progressLine } from "./report/tenant-run.ts"

/** How often a live line is written anew, and how often a line is said where there is no terminal. Milliseconds. */
const REDRAW = 100
const SAY = 10_000

/** Runs `work` with one live line on a terminal, and with a line every ten seconds elsewhere: a log is no place for a moving one. */
export async function liveLine<T>(ctx: Pick<Context, "live" | "talk">, work: (show: (moment: TenantProgress) => void) => Promise<T>): Promise<T> {
  let last = performance.now()
  const every = ctx.live ? REDRAW : SAY
  try {
    return await work(moment => {
      const now = performance.now()
      if (now - last < every) return
      last = now
      if (ctx.live) ctx.live(progressLine(moment))
      else ctx.talk(progressLine(moment))
    })
  } finally {
    ctx.live?.(null)
  }
}
