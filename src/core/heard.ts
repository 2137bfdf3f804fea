import type { Session } from "./types.ts"

/** Told of every SQL text that was sent, and how many milliseconds it took. */
export type Trace = (sql: string, ms: number) => void

/** A session that does what `session` does; `trace` hears of every text that is sent, failed ones too. Values and rows are sent apart from the text and stay unheard. */
export function heard(session: Session, trace: Trace): Session {
  const timed = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    return work().finally(() => trace(sql, performance.now() - start))
  }
  return {
    ...session,
    query: (sql, params) => timed(sql, () => session.query(sql, params)),
    script: (sql, told) => timed(sql, () => session.script(sql, told)),
    copyIn: (sql, rows) => timed(sql, () => session.copyIn(sql, rows)),
  }
}
