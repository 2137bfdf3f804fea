import type { Session } from "../../core/types.ts"

/**
 * A session inside an open transaction: each script has a savepoint, so that an error ends nothing but itself, and `begin`, `commit` and
 * `rollback` are savepoints too. What is written for a session of its own can be tried this way and leaves nothing behind.
 */
export function nested(session: Session): Session {
  let depth = 0
  const mark = (n: number): string => `nested_${n}`
  const script = async (sql: string): Promise<void> => {
    const [, before, , after] = /^(?:(.+?);\s*)?(begin)(?:;\s*(.+))?$/s.exec(sql) ?? []
    if (before !== undefined || after !== undefined) {
      // several words in one message: each of them finds its own savepoint
      for (const one of [before, "begin", after]) if (one !== undefined) await script(one)
      return
    }
    if (sql === "begin") return session.script(`savepoint ${mark(++depth)}`)
    if (sql === "commit") return session.script(`release ${mark(depth--)}`)
    if (sql === "rollback") return depth === 0 ? undefined : session.script(`rollback to ${mark(depth)}; release ${mark(depth--)}`)
    // a savepoint set inside of another one would end with it
    if (/^(savepoint|release|rollback to) /.test(sql)) return session.script(sql)
    await session.script("savepoint nested_one")
    try {
      await session.script(sql)
      await session.script("release nested_one")
    } catch (error) {
      await session.script("rollback to nested_one; release nested_one")
      throw error
    }
  }
  return { ...session, script }
}

/** Runs `work` in a transaction that is rolled back: the session is as it was, whatever happened. */
export async function aside<T>(session: Session, work: (inside: Session) => Promise<T>): Promise<T> {
  await session.script("begin")
  try {
    return await work(nested(session))
  } finally {
    await session.script("rollback")
  }
}
