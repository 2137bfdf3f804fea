import type { Database } from "../core/types.ts"
import type { Seat } from "./migrator.ts"
import type { Patience } from "./patience.ts"

/** Unanswered questions in a row after which the server counts as gone. */
const GIVE_UP_AFTER = 2
/** Milliseconds. */
const LONGEST_ANSWER_MS = 20_000

/**
 * Runs `work`; while it is silent, another connection asks now and then whether the server still answers. A frozen server and a cut line say nothing, and
 * TCP would wait for a quarter of an hour. When nobody answers the session is closed, so that `work` fails as with any lost connection.
 * A statement that merely takes long is left alone.
 */
export async function watched<T>(seat: Seat, { watchMs }: Pick<Patience, "watchMs">, work: () => Promise<T>): Promise<T> {
  let silent = 0
  let over = false
  let timer: Timer | undefined
  const look = async (): Promise<void> => {
    silent = (await answers(seat.database)) ? 0 : silent + 1
    if (over) return
    if (silent >= GIVE_UP_AFTER) await seat.session?.close("the server does not answer any more")
    else later()
  }
  const later = (): void => void (timer = setTimeout(look, watchMs))
  later()
  try {
    return await work()
  } finally {
    over = true
    clearTimeout(timer)
  }
}

/** A server that refuses (too many connections, starting up) is there; one that does not answer within the connect time-out is not. */
async function answers(database: Database): Promise<boolean> {
  try {
    return await Promise.race([asked(database), Bun.sleep(LONGEST_ANSWER_MS).then(() => false)])
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown; message?: string } }).cause
    return typeof cause?.code === "string" && /^[0-9A-Z]{5}$/.test(cause.code)
  }
}

async function asked(database: Database): Promise<boolean> {
  const session = await database.session()
  await session.query("select 1").finally(() => session.close())
  return true
}
