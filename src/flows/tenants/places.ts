import type { Context } from "../../core/context.ts"
import type { Tenant } from "../../core/tenant.ts"
import type { Database, Session } from "../../core/types.ts"
import { passwordsIn } from "../../core/redact.ts"
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
  /** A session of its own, to be closed by the caller. */
  readonly session: () => Promise<Session>
}

/** Says where a tenant lives; one place for all tenants of one database. */
export type PlaceOf = (tenant: Tenant) => Place

/** The project's database as a place. */
export function homePlace(database: Database): Place {
  return { label: database.label, server: serverOf(database.label), local: database.local, embedded: database.embedded, home: true, session: () => database.session() }
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
export async function placesFor(ctx: Context, setup: Setup, runId: string, tenants: readonly Tenant[], home: () => Place, notice: (line: string) => void): Promise<PlaceOf> {
  const places = new Map<string, Place>()
  for (const { url } of tenants) if (url !== null && !places.has(url)) places.set(url, await placeAt(ctx, setup, runId, url, notice))
  return ({ url }) => (url === null ? home() : places.get(url)!)
}

async function placeAt(ctx: Context, setup: Setup, runId: string, url: string, notice: (line: string) => void): Promise<Place> {
  for (const secret of passwordsIn(url)) ctx.hide?.(secret)
  const [{ settingsFrom }, { labelOf, isLocal }] = await Promise.all([import("../../pg/settings-from.ts"), import("../../pg/settings.ts")])
  const settings = settingsFrom({ url, env: setup.environment.env })!
  if (settings.password) ctx.hide?.(settings.password)
  const label = labelOf(settings)
  return {
    label, server: serverOf(label), local: settings.hosts.every(({ host }) => isLocal(host)), embedded: false, home: false,
    session: async () => {
      const { openServer } = await import("../../pg/server.ts")
      const database = await openServer(settings, { version: ctx.version, runId, notice: ({ severity, message }) => notice(`${severity}: ${message}`) })
      return database.session()
    },
  }
}
