import { Fault } from "../../core/fault.ts"
import { digestOf } from "../../core/ledger-digest.ts"
import { fleetLedgers } from "../../pg/tenants/fleet.ts"
import { HOME } from "../database.ts"
import type { Fleet } from "./fleet.ts"
import { visiting } from "./places.ts"
import type { Item } from "./visit.ts"

/** A tenant whose ledger is gone, though the audit table says what was applied, is never migrated from the beginning again. */
export async function refuseLost({ database }: Fleet, items: readonly Item[]): Promise<void> {
  const bare = items.filter(item => item.place.home && isBare(item))
  if (!database || bare.length === 0) return
  const { migratedSchemas } = await import("../../pg/tenants/registry.ts")
  await visiting(bare[0]!.place, async session => {
    const migrated = new Set(await migratedSchemas(session, HOME, bare.map(item => item.tenant.schema)))
    const lost = bare.filter(({ tenant }) => migrated.has(tenant.schema))
    // what the audit table tells of may have been done since the ledgers were read: they are read once more, after it
    const now = await fleetLedgers(session, lost.map(item => item.tenant.schema))
    for (const item of lost) {
      item.state = now.get(item.tenant.schema) ?? null
      if (isBare(item)) item.refusal = ledgerGone(item)
    }
  })
}

const EMPTY = digestOf([])
const isBare = ({ state }: Item): boolean => state?.kind === "none" || (state?.kind === "digest" && state.digest === EMPTY)

function ledgerGone({ tenant }: Item): Fault {
  return new Fault("tampered", `tenant ${tenant.slug}: its ledger np_migrations is gone or empty, though migrations were applied to it; nothing is applied again`,
    "restore the table from a backup; what was done and by whom: nself db migrate log")
}
