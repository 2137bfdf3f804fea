import { heard, type Trace } from "../core/heard.ts"
import type { Database } from "../core/types.ts"
import { listenToShadows } from "../shadow/listener.ts"

/** From now on `trace` hears of all that the shadows of this process are sent. */
export function traceShadows(trace: Trace): void {
  listenToShadows((sql, ms) => trace(`shadow: ${sql}`, ms))
}

/** The same database, but `trace` hears of every text that is sent, failed ones too. Values are bound apart from the text and stay unheard. */
export async function traced(database: Database, trace: Trace): Promise<Database> {
  const { standIn } = await import("../pg/pooled.ts")
  return {
    ...database,
    session: async () => {
      const inner = await database.session()
      const outer = heard(inner, trace)
      standIn(outer, inner)
      return outer
    },
  }
}
