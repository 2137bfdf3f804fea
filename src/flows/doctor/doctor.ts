import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { CHECKS, fail, OFFLINE, skip, verdictOf, type Check, type CheckName } from "../../core/health/check.ts"
import { configCheck, diskCheck, environmentCheck, migrationsCheck } from "../../core/health/project.ts"
import { EMPTY_JOURNAL, matchJournal } from "../../core/journal.ts"
import type { Selection } from "../../core/tenant.ts"
import type { Database, Session } from "../../core/types.ts"
import { journalPath, readJournal } from "../../files/journal.ts"
import { readMigrations } from "../../files/migrations.ts"
import { HOME, openDatabase } from "../database.ts"
import { EXAMINATIONS, type Patient } from "./database.ts"
import { configFacts, diskFacts, environmentFacts } from "./facts.ts"
import { hasCitus, tenantsExamined } from "./tenants.ts"
import { fixed, fixEnvironment, fixIndexes } from "./fix.ts"
import { setUp, type Setup } from "../setup.ts"

export interface DoctorRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** Only these checks; all when it is empty. */
  readonly only: readonly CheckName[]
  readonly fix: boolean
  /** Tenants to be looked at closely; `null`: at their ledgers only. */
  readonly tenants?: Selection | null
}

export interface Doctor {
  readonly env: string
  /** `null`: it could not be opened, or nothing was asked of it. */
  readonly database: string | null
  readonly verdict: ReturnType<typeof verdictOf>
  readonly checks: readonly Check[]
}

/** Looks at everything a migration depends on. Changes nothing, unless `fix`; then only what cannot hurt. */
export async function doctor(ctx: Context, request: DoctorRequest): Promise<Doctor> {
  const setup = await setUp(ctx, request.env)
  const wanted = CHECKS.filter(name => request.only.length === 0 || request.only.includes(name))
  const checks: Check[] = await offline(ctx, setup, request, wanted)
  let citus = false
  const opened = wanted.some(name => !OFFLINE.includes(name)) ? await open(ctx, setup, request) : null
  try {
    if (opened instanceof Fault) checks.push(...unreachable(opened, wanted))
    else if (opened) checks.push(...(await examine(ctx, setup, request, wanted, opened)))
    if (opened && !(opened instanceof Fault) && wanted.includes("tenants")) citus = await hasCitus(opened.session).catch(() => false)
    if (wanted.includes("disk")) checks.push(await guarded("disk", async () => diskCheck(await diskFacts(setup, opened instanceof Fault ? null : opened))))
  } finally {
    if (opened && !(opened instanceof Fault)) await opened.database.close()
  }
  if (opened && !(opened instanceof Fault) && wanted.includes("tenants") && !ctx.signal.aborted) checks.push(...(await tenantsOf(ctx, request, citus)))
  const sorted = checks.toSorted((a, b) => CHECKS.indexOf(a.name) - CHECKS.indexOf(b.name))
  return { env: setup.environment.name, database: opened && !(opened instanceof Fault) ? opened.database.label : null, verdict: verdictOf(sorted), checks: sorted }
}

/** After the database is closed: an embedded one is open only once. */
async function tenantsOf(ctx: Context, { env, url, tenants = null }: DoctorRequest, citus: boolean): Promise<readonly Check[]> {
  try {
    const check = await tenantsExamined(ctx, { env, url, selection: tenants, citus })
    return check ? [check] : []
  } catch (error) {
    if (!(error instanceof Fault) || error.exit === "usage") throw error
    return [fail("tenants", error.message, { next: error.hint ?? null })]
  }
}

async function offline(ctx: Context, setup: Setup, { fix }: DoctorRequest, wanted: readonly CheckName[]): Promise<Check[]> {
  const looks: Partial<Record<CheckName, () => Promise<Check>>> = {
    environment: async () => {
      const facts = await environmentFacts(ctx, setup)
      const done = fix ? await fixEnvironment(setup, facts) : []
      return fixed(environmentCheck(done.length > 0 ? await environmentFacts(ctx, setup) : facts), done)
    },
    config: async () => configCheck(configFacts(setup)),
    migrations: async () => migrationsCheck(await migrationsFacts(setup)),
  }
  return Promise.all(wanted.flatMap(name => (looks[name] ? [guarded(name, looks[name])] : [])))
}

async function migrationsFacts({ root, out }: Setup): Promise<Parameters<typeof migrationsCheck>[0]> {
  const files = await readMigrations(root, out)
  try {
    matchJournal(await readJournal(root, out), files, journalPath(out))
    return { out, files, journal: null }
  } catch (error) {
    if (error instanceof Fault) return { out, files, journal: { message: error.message, hint: error.hint ?? null } }
    throw error
  }
}

interface Opened {
  readonly database: Database
  readonly session: Session
  readonly local: boolean
}

/** The database and one session, or why there is none. */
async function open(ctx: Context, setup: Setup, { url }: DoctorRequest): Promise<Opened | Fault> {
  try {
    const database = await openDatabase(ctx, setup, { url, command: "doctor", runId: ctx.uuid() })
    return { database, session: await database.session(), local: database.local }
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

function unreachable({ message, hint }: Fault, wanted: readonly CheckName[]): Check[] {
  const rest = wanted.filter(name => !OFFLINE.includes(name) && name !== "server")
  return [fail("server", message, { next: hint ?? null }), ...rest.map(name => skip(name, "the database could not be opened"))]
}

async function examine(ctx: Context, setup: Setup, { url, fix }: DoctorRequest, wanted: readonly CheckName[], opened: Opened): Promise<Check[]> {
  const { patient, blind } = await patientOf(ctx, setup, opened, url)
  const checks: Check[] = []
  for (const name of wanted) {
    const look = EXAMINATIONS[name]
    if (!look || ctx.signal.aborted) continue
    if (blind && FROM_LEDGER.includes(name)) {
      checks.push(name === "ledger" ? fail(name, blind.message, { next: blind.hint ?? null }) : skip(name, "files and ledger could not both be read"))
      continue
    }
    const check = await guarded(name, () => look(patient))
    checks.push(fix && name === "indexes" && check.fix ? await guarded(name, async () => {
      const done = await fixIndexes(setup, opened.database)
      return fixed(await look(patient), done)
    }) : check)
  }
  return checks
}

/** Checks that need the files and the ledger. */
const FROM_LEDGER: readonly CheckName[] = ["mark", "ledger", "checksums", "pending", "extensions", "drift"]

/** What all checks share; `blind`: why files or ledger could not be read. */
async function patientOf(ctx: Context, setup: Setup, { database, session }: Opened, url: string | null): Promise<{ readonly patient: Patient; readonly blind: Fault | null }> {
  const { root, out } = setup
  const empty: Patient = { ctx, setup, database, session, files: [], journal: EMPTY_JOURNAL, ledger: null, verified: await isVerified(setup, url) }
  try {
    const { readLedger } = await import("../../pg/ledger.ts")
    const ledger = await readLedger(session, HOME).catch((error: unknown) => {
      throw unreadable(error)
    })
    return { patient: { ...empty, files: await readMigrations(root, out), journal: await readJournal(root, out), ledger }, blind: null }
  } catch (error) {
    if (error instanceof Fault) return { patient: empty, blind: error }
    throw error
  }
}

function unreadable(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message: string }
  return code === "42501" ? new Fault("failed", `the ledger cannot be read: ${message}`, "as its owner: GRANT SELECT ON np_migrations TO the role that migrates") : error
}

async function isVerified({ environment, config }: Setup, url: string | null): Promise<boolean> {
  const { settingsFrom } = await import("../../pg/settings-from.ts")
  const { sslModeFor } = await import("../../pg/settings.ts")
  const settings = settingsFrom({ url, env: environment.env, credentials: config.credentials })
  return settings !== null && settings.hosts.every(({ host }) => sslModeFor(settings, host).startsWith("verify"))
}

/** What a look itself meets is its finding: a fault, or what PostgreSQL says no to. */
async function guarded(name: CheckName, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof Fault) return fail(name, error.message, { next: error.hint ?? null })
    const { code, message } = error as { code?: unknown; message: string }
    if (typeof code === "string") return fail(name, `could not be looked at: ${message} (${code})`, {})
    throw error
  }
}
