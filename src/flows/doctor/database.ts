import { claimOf, markFault } from "../../core/environment-mark.ts"
import type { Context } from "../../core/context.ts"
import type { Check, CheckName } from "../../core/health/check.ts"
import { driftCheck } from "../../core/health/drift.ts"
import { checksumsCheck, ledgerCheck, markCheck, pendingCheck } from "../../core/health/ledger.ts"
import { activityCheck, constraintsCheck, indexesCheck } from "../../core/health/objects.ts"
import { extensionsCheck, poolerCheck, rightsCheck, serverCheck, settingsCheck, tlsCheck } from "../../core/health/server.ts"
import type { Journal } from "../../core/journal.ts"
import type { Applied, Database, Migration, Session } from "../../core/types.ts"
import { HOME } from "../database.ts"
import { appliedFiles, driftOf } from "../drift/diff.ts"
import { historyOf } from "../history/histories.ts"
import { readLive } from "../drift/live.ts"
import type { Setup } from "../setup.ts"
import { shadowsOf } from "../history/shadows.ts"
import { extensionsFacts } from "./facts.ts"

/** What the checks of a database have in common: read once. */
export interface Patient {
  readonly ctx: Context
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
  pooler: async ({ session }) => poolerCheck(await (await import("../../pg/pooled.ts")).isPooled(session)),
  settings: async ({ session }) => settingsCheck(await (await health()).settingsFacts(session)),
  rights: async ({ session }) => rightsCheck(await (await health()).rightsFacts(session, HOME)),
  mark: async ({ session, setup, files, journal, ledger }) => {
    const mark = await (await import("../../pg/environment-mark.ts")).readMark(session, HOME)
    return markCheck(mark, markFault(mark, claimOf(setup.environment.name, { files, journal }, ledger ?? []), "db migrate up"))
  },
  ledger: async ({ session, database, files, ledger }) => {
    const { findingsIn } = await import("../runner/steps.ts")
    return ledgerCheck({ files, ledger, tables: await (await health()).tableCount(session, HOME), findings: await findingsIn(database, files) })
  },
  checksums: async ({ files, ledger }) => checksumsCheck({ files, ledger }),
  pending: async ({ files, ledger }) => pendingCheck({ files, ledger }),
  extensions: async ({ session, files, ledger }) => extensionsCheck(await extensionsFacts(session, files, ledger)),
  drift,
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

/** The database against the history at its own version. The user's code is not run for it. */
async function drift({ ctx, setup, database, files, ledger }: Patient): Promise<Check> {
  if ((ledger ?? []).length === 0) return driftCheck(null)
  const shadows = await shadowsOf(ctx, setup, null)
  try {
    const live = await readLive(database)
    const { catalog } = await historyOf({ root: setup.root, version: ctx.version, shadows }, appliedFiles(files, live.ledger).applied)
    return driftCheck((await driftOf(setup, shadows, catalog, live.catalog)).drift)
  } finally {
    await shadows.close()
  }
}
