import type { Context } from "../../core/context.ts"
import type { Tenant } from "../../core/tenant.ts"
import type { Database, Session } from "../../core/types.ts"
import { passwordsIn } from "../../core/redact.ts"
import { ownSession } from "../database.ts"
import type { Setup } from "../setup.ts"

/** One database that tenants live in. */
export interface Place {
  /** For messages, without password. */
  readonly label: string
  /** The server: places of one server share its workers. */
  readonly server: string
  readonly local: boolean
  readonly embedded: boolean
  /** Whether this is the project's own database. */
  readonly home: boolean
  /** A session that nobody else uses: one that was kept, else a new one. To be closed or kept by the caller. */
  readonly session: () => Promise<Session>
  /** For whoever asks next, because opening one costs more than most questions. It must be in no transaction and hold no settings. */
  readonly keep: (session: Session) => void
  /** Opens sessions to be asked for soon, so many that as many are kept, while something else goes on over the one that is there; what that fails at is told to whoever asks. */
  readonly warm: (sessions: number) => void
  /** Closes what was kept and not asked for. */
  readonly close: () => Promise<void>
}

/** Runs `work` over a session of the place, which is kept afterwards unless it is said otherwise, or closed where `work` failed. */
export async function visiting<T>(place: Place, work: (session: Session) => Promise<T>, keep = true): Promise<T> {
  const session = await place.session()
  try {
    const result = await work(session)
    await (keep ? place.keep(session) : session.close())
    return result
  } catch (error) {
    await session.close()
    throw error
  }
}

/** A tenant's own database that cannot be asked beforehand is no reason not to begin: the run itself says what is the matter with it. */
export function orUnreached(place: Place): (error: unknown) => undefined {
  return error => {
    if (place.home) throw error
  }
}

/** How long a session that is kept is trusted: a server may close idle ones. Milliseconds. */
const FRESH = 10_000

/**
 * Sessions, the kept ones first.
 *
 * @param another  one more than there are, whatever `open` has at hand
 */
function keeping(open: () => Promise<Session>, another = open): Pick<Place, "session" | "keep" | "warm" | "close"> {
  const kept: { readonly session: Session; readonly since: number }[] = []
  const coming: Promise<Session>[] = []
  return {
    session: async () => {
      const early = coming.shift()
      if (early) return early.catch(open)
      const last = kept.pop()
      if (last && performance.now() - last.since <= FRESH) return last.session
      await last?.session.close()
      return open()
    },
    keep: session => void kept.push({ session, since: performance.now() }),
    warm: sessions => {
      while (kept.length + coming.length < sessions) {
        const one = another()
        one.catch(() => {})
        coming.push(one)
      }
    },
    close: async () => void (await Promise.all([...kept.splice(0).map(one => one.session.close()), ...coming.splice(0).map(one => one.then(session => session.close(), () => {}))])),
  }
}

/** Says where a tenant lives; one place for all tenants of one database. */
export type PlaceOf = (tenant: Pick<Tenant, "url">) => Place

/** The project's database as a place. */
export function homePlace(database: Database): Place {
  return { label: database.label, server: serverOf(database.label), local: database.local, embedded: database.embedded, home: true, ...keeping(() => ownSession(database), () => database.session()) }
}

/** `nself@10.0.0.7:5432/app` without user and database. */
function serverOf(label: string): string {
  return label.slice(label.lastIndexOf("@") + 1).replace(/\/[^/]*$/, "")
}

/**
 * Places by URL, each made once. A tenant without a URL lives in the project's database.
 *
 * @param home  `null` where the project has no database of its own, and no tenant needs one
 * @param notice  what a server says beside its answers
 */
export async function placesFor(ctx: Context, setup: Setup, runId: string, tenants: readonly Tenant[], home: () => Place, notice: (line: string) => void): Promise<{ readonly placeOf: PlaceOf; readonly close: () => Promise<void> }> {
  const places = new Map<string, Place>()
  for (const { slug, url } of tenants) if (url !== null && !places.has(url)) places.set(url, await placeAt(ctx, setup, runId, { url, urlFrom: `the URL of tenant \`${slug}\`` }, notice))
  return {
    placeOf: ({ url }) => (url === null ? home() : places.get(url)!),
    close: async () => void (await Promise.all([...places.values()].map(place => place.close()))),
  }
}

async function placeAt(ctx: Context, setup: Setup, runId: string, given: { readonly url: string; readonly urlFrom: string }, notice: (line: string) => void): Promise<Place> {
  for (const secret of passwordsIn(given.url)) ctx.hide?.(secret)
  const [{ settingsFrom }, { labelOf, isLocal }] = await Promise.all([import("../../pg/settings-from.ts"), import("../../pg/settings.ts")])
  // a fault of the server may be told of another tenant of it
  const settings = { ...settingsFrom({ ...given, env: setup.environment.env })!, source: "the tenant's URL" }
  if (settings.password) ctx.hide?.(settings.password)
  const label = labelOf(settings)
  return {
    label, server: serverOf(label), local: settings.hosts.every(({ host }) => isLocal(host)), embedded: false, home: false,
    ...keeping(async () => {
      const { openServer } = await import("../../pg/server.ts")
      const database = await openServer(settings, { version: ctx.version, runId, notice: ({ severity, message }) => notice(`${severity}: ${message}`) })
      return (ctx.trace ? await (await import("../trace.ts")).traced(database, ctx.trace) : database).session()
    }),
  }
}
