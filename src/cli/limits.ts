import { parseDuration } from "../core/duration.ts"
import type { WaitLimits } from "../core/steps.ts"
import type { Given } from "./argv.ts"
import type { Options } from "./command.ts"

/** Options of the commands that take locks. */
export const LIMITS: Options = {
  "--lock-wait <time>": "How long to wait for another runner of nself (60s unless said)",
  "--lock-retry-for <time>": "How long to try again while the application holds locks, or connections are lost (15min unless said)",
  "--statement-timeout <time>": "Stop a statement that runs longer (for ever unless said)",
}

/** What was said of them. Throws a `usage` fault for what is no time. */
export function limitsIn(given: Given): WaitLimits {
  const time = (key: keyof WaitLimits, name: string): WaitLimits => {
    const typed = given.value(name)
    return typed === null ? {} : { [key]: parseDuration(typed, `--${name}`) }
  }
  return { ...time("lockWaitMs", "lock-wait"), ...time("retryForMs", "lock-retry-for"), ...time("statementTimeoutMs", "statement-timeout") }
}
