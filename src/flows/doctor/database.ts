import { claimOf, markFault } from "../../core/environment-mark.ts"
import type { Check, CheckName } from "../../core/health/check.ts"
import { checksumsCheck, ledgerCheck, markCheck, pendingCheck } from "../../core/health/ledger.ts"
import { activityCheck, constraintsCheck, indexesCheck } from "../../core/health/objects.ts"
import { extensionsCheck, poolerCheck, rightsCheck, serverCheck, settingsCheck, tlsCheck } from "../../core/health/server.ts"
import type { Journal } from "../../core/journal.ts"
import type { Applied, Database, Migration, Session } from "../../core/types.ts"
import { HOME } from "../database.ts"
import type { Setup } from "../setup.ts"
import { extensionsFacts } from "./facts.ts"

/** What the checks of a database have in common: read once. */
export interface Patient {
  readonly setup: Setup
  readonly database: Database
  readonly session: Session
  readonly files: readonly Migration[]
  readonly journal: Journal
  /** `null`: there is none. */
  readonly ledger: readonly Applied[] | null
  /** Whether every host's certificate is checked. */
  readonly verified: boolean
}

type Examine = (patient: Patient) => Promise<Check>

/** One look each. What PostgreSQL refuses one of them does not keep the others from looking. */
export const EXAMINATIONS: Readonly<Partial<Record<CheckName, Examine>>> = {
  server: async ({ session, database }) => serverCheck({ engine: session.engine, label: database.label, embedded: database.embedded, ...(await (await health()).sessionFacts(session)) }),
  tls: async ({ session, database: { embedded, local }, verified }) => tlsCheck({ embedded, local, verified, tls: embedded ? null : await (await health()).tlsOf(session) }),
  pooler: async ({ session }) => poolerCheck((await import("../../pg/pooled.ts")).isPooled(session)),
  settings: async ({ session }) => settingsCheck(await (await health()).settingsFacts(session)),
  rights: async ({ session }) => rightsCheck(await (await health()).rightsFacts(session, HOME)),
  mark: async ({ session, setup, files, journal, ledger }) => {
    const mark = await (await import("../../pg/environment-mark.ts")).readMark(session, HOME)
    return markCheck(mark, markFault(mark, claimOf(setup.environment.name, { files, journal }, ledger ?? []), "db migrate up"))
  },
  ledger: async ({ session, files, ledger }) => ledgerCheck({ files, ledger, tables: await (await health()).tableCount(session, HOME) }),
  checksums: async ({ files, ledger }) => checksumsCheck({ files, ledger }),
  pending: async ({ files, ledger }) => pendingCheck({ files, ledger }),
  extensions: async ({ session, files, ledger }) => extensionsCheck(await extensionsFacts(session, files, ledger)),
  indexes: async ({ session }) => indexesCheck(await (await health()).invalidIndexes(session)),
  constraints: async ({ session }) => constraintsCheck(await (await health()).notValidConstraints(session)),
  activity: async ({ session }) => activityCheck({
    transactions: await (await health()).openTransactions(session), prepared: await (await health()).preparedTransactions(session), migrating: await migrating(session),
  }),
}

const health = (): Promise<typeof import("../../pg/health.ts")> => import("../../pg/health.ts")

async function migrating(session: Session): Promise<string | null> {
  const { holderText, lockHolder } = await import("../../pg/holder.ts")
  const holder = await lockHolder(session, HOME)
  return holder && holderText(holder)
}
