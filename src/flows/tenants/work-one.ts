import { Fault } from "../../core/fault.ts"
import { DONE, type Verdict } from "../../core/pool.ts"
import type { Session } from "../../core/types.ts"
import { blockers, holderText, lockHolder } from "../../pg/holder.ts"
import { pauseMs } from "../../pg/patience.ts"
import type { Seat } from "../../pg/tenants/seat.ts"
import { connectTrouble, troubleOf } from "../../pg/tenants/trouble.ts"
import type { ServerRun } from "./server-run.ts"
import { visit, type Item, type Visited } from "./visit.ts"

/** Connections that one tenant may cost before it is given up. */
const LOSSES = 3

/** One try at one tenant, and what its end means for the others. */
export async function workOne(run: ServerRun, chair: Seat, item: Item): Promise<Verdict> {
  if (item.refusal) return done(run, item, item.refusal)
  if (run.server.dead) return done(run, item, run.server.dead)
  item.tries += 1
  let session: Session
  try {
    session = await chair.at(item.place)
  } catch (error) {
    return notConnected(run, item, error)
  }
  run.server.downSince = null
  try {
    if (!item.place.home) await run.enter(session, item)
    const visited = await visit(run.visiting, session, item)
    return visited === "busy" ? await busy(run, session, item) : done(run, item, visited)
  } catch (error) {
    return await failed(run, chair, session, item, error)
  }
}

function done(run: ServerRun, item: Item, end: Exclude<Visited, "busy"> | Fault): Verdict {
  run.settle(item, end)
  return DONE
}

function notConnected(run: ServerRun, item: Item, error: unknown): Verdict {
  const fault = asFault(error)
  const { server, clock, limits } = run
  switch (connectTrouble(error)) {
    case "full":
      server.width = Math.max(1, server.width - 1)
      return waited(run, item, fault, limits.serverForMs) ?? { kind: "again", afterMs: pauseMs(item.tries, clock.random), fewer: true }
    case "server": {
      server.downSince ??= clock.now()
      if (clock.now() - server.downSince >= limits.serverForMs) server.dead = fault
      return server.dead ? done(run, item, fault) : { kind: "again", afterMs: Math.min(1000, pauseMs(item.tries, clock.random)) }
    }
    case "closed":
      server.dead = fault
      return done(run, item, fault)
    default:
      return done(run, item, fault)
  }
}

/** Another runner has it: it is taken again when everything else is done, for as long as the limit allows. */
async function busy(run: ServerRun, session: Session, item: Item): Promise<Verdict> {
  const { lockWaitMs } = run.limits
  item.state = null
  item.waitingSince ??= run.clock.now()
  if (run.clock.now() - item.waitingSince < lockWaitMs) return { kind: "again", afterMs: Math.min(1000, pauseMs(item.tries, run.clock.random)) }
  const holder = await lockHolder(session, item.tenant.schema).catch(() => null)
  return done(run, item, new Fault("locked", `another runner is at this tenant (waited ${Math.round(lockWaitMs / 1000)} s)${holder ? `\n  ${holderText(holder)}` : ""}`,
    holder ? `wait for it, or, if it is dead: SELECT pg_terminate_backend(${holder.pid})` : "wait for it, then run the command again"))
}

/** What an error at a tenant means: that it is taken again, or the end of it. */
export async function failed(run: ServerRun, chair: Seat, session: Session, item: Item, error: unknown): Promise<Verdict> {
  const { clock, limits, visiting } = run
  const again = (): Verdict => ({ kind: "again", afterMs: pauseMs(item.tries, clock.random) })
  item.state = null
  switch (troubleOf(error)) {
    case "lost": {
      await chair.leave()
      item.doubt = true
      item.losses += 1
      if (item.losses < LOSSES) return again()
      return done(run, item, new Fault("failed", `the connection was lost ${LOSSES} times at this tenant: ${said(error)}`, "look at the server's log, then run the command again", error))
    }
    case "retry": {
      item.waitingSince ??= clock.now()
      if (clock.now() - item.waitingSince < limits.retryForMs) return again()
      const held = await blockers(session, item.tenant.schema).catch(() => [])
      const who = held.map(holder => `\n  ${holderText(holder)}`).join("")
      return done(run, item, new Fault("locked", `${said(error)}, for ${Math.round(limits.retryForMs / 1000)} s; nothing of this tenant was changed${who ? `\nlocks are held by:${who}` : ""}`,
        "let these transactions end, then run the command again", error))
    }
    case "stop": {
      const fault = asFault(error)
      run.stop(fault)
      return done(run, item, fault)
    }
    default:
      if (visiting.signal.aborted && !(error instanceof Fault)) return again() // cancelled: given back as not tried
      return done(run, item, asFault(error))
  }
}

/** The fault when an item has waited long enough, else `null`. */
function waited(run: ServerRun, item: Item, fault: Fault, limit: number): Verdict | null {
  item.waitingSince ??= run.clock.now()
  return run.clock.now() - item.waitingSince < limit ? null : done(run, item, fault)
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const { code, hint } = error as { code?: unknown; hint?: unknown }
  if (typeof code !== "string") throw error
  return new Fault("failed", `${said(error)} (SQLSTATE ${code})`, typeof hint === "string" ? hint : "nself db migrate status --all-tenants", error)
}
