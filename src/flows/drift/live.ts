import type { Catalog } from "../../core/catalog.ts"
import { withoutSchemas } from "../../core/filter.ts"
import type { Applied, Database } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { HOME } from "../database.ts"

/** A database at one moment. */
export interface Live {
  readonly engine: string
  readonly versionNum: number
  /** Without the schemas that have a ledger of their own: tenants have a history each, and it is not this one. */
  readonly catalog: Catalog
  /** Empty where there is no ledger yet. */
  readonly ledger: readonly Applied[]
}

/** Ledger and catalog as they were at one moment; nothing can be changed meanwhile by this session. */
export async function readLive(database: Database): Promise<Live> {
  const [{ readLedger, schemasWithLedger }, { inSnapshot }] = await Promise.all([import("../../pg/ledger.ts"), import("../../pg/snapshot.ts")])
  const session = await database.session()
  try {
    return await inSnapshot(session, async () => {
      const ledger = (await readLedger(session, HOME)) ?? []
      const tenants = (await schemasWithLedger(session)).filter(schema => schema !== HOME)
      const catalog = withoutSchemas(await inspect(session.query, HOME), HOME, new Set(tenants))
      return { engine: session.engine, versionNum: session.versionNum, catalog, ledger }
    })
  } finally {
    await session.close()
  }
}
