import type { Database, Session } from "../core/types.ts"

/** The same database, but `trace` hears of every text that is sent, failed ones too. Values are bound apart from the text and stay unheard. */
export async function traced(database: Database, trace: (sql: string, ms: number) => void): Promise<Database> {
  const { standIn } = await import("../pg/pooled.ts")
  const timed = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    return work().finally(() => trace(sql, performance.now() - start))
  }
  const heard = (session: Session): Session => {
    const outer: Session = { ...session, query: (sql, params) => timed(sql, () => session.query(sql, params)), script: sql => timed(sql, () => session.script(sql)) }
    standIn(outer, session)
    return outer
  }
  return { ...database, session: async () => heard(await database.session()) }
}
