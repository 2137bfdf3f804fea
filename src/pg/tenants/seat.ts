import type { Session } from "../../core/types.ts"

/** Tenants that one connection visits before it is renewed: the server's memory for it grows by 12 kB each (FAULTS.md, 2d). */
export const VISITS = 2000

/** Where sessions come from; two of one key are sessions of one database. */
export interface Source {
  readonly label: string
  readonly session: () => Promise<Session>
  /** Takes one back that was given out, for whoever asks next. */
  readonly keep: (session: Session) => void
}

/** One worker's connection: kept from tenant to tenant of one database, renewed after `VISITS`, replaced when it is lost. */
export interface Seat {
  /** The session for this database, for so many tenants (one where nothing is said). Throws as opening one does. */
  readonly at: (source: Source, tenants?: number) => Promise<Session>
  /** The session now, if there is one. */
  readonly now: () => Session | null
  /** The session is lost or no longer to be trusted. */
  readonly leave: () => Promise<void>
  /** The work is done, and the session in order: it goes back to where it came from. */
  readonly rest: () => void
}

/** Tenants that a session has visited, in whatever seats. */
const visits = new WeakMap<Session, number>()

/** An empty seat. */
export function seat(): Seat {
  let held: { readonly source: Source; readonly session: Session } | null = null
  const leave = async (): Promise<void> => {
    const session = held?.session
    held = null
    await session?.close()
  }
  return {
    at: async (source, tenants = 1) => {
      if (held && (held.source !== source || visitsOf(held.session) >= VISITS)) await leave()
      held ??= { source, session: await source.session() }
      visits.set(held.session, visitsOf(held.session) + tenants)
      return held.session
    },
    now: () => held?.session ?? null,
    leave,
    rest: () => {
      if (held) held.source.keep(held.session)
      held = null
    },
  }
}

const visitsOf = (session: Session): number => visits.get(session) ?? 0
