import type { Trace } from "../core/heard.ts"

/** Who hears what the shadows of this process are sent; `null`: nobody. */
let trace: Trace | null = null

/** From now on `--verbose` hears of every text that a shadow is sent. */
export function listenToShadows(given: Trace): void {
  trace = given
}

export const shadowTrace = (): Trace | null => trace
