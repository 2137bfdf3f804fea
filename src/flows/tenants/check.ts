import { platform } from "node:os"
import { isAbsolute, join } from "node:path"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { someOf } from "../../core/tenant.ts"
import { readText } from "../../files/read-text.ts"
import { runCommand } from "../../files/run-command.ts"
import { MAY_THINK, searchPath } from "../../pg/session-state.ts"
import type { Setup } from "../setup.ts"
import type { Fleet } from "./fleet.ts"
import type { Item } from "./visit.ts"

/** What is asked between waves: the reason why not to go on, or `null`. */
export type Check = (wave: readonly Item[], number: number) => Promise<string | null>

/**
 * The check that `--check` names: `diff` (the wave's tenants have one shape), a file ending in `.sql` (run read-only in each tenant: no error,
 * and no row whose first column is false), or a command that must exit 0.
 */
export function checkFor(ctx: Context, setup: Setup, fleet: Fleet, said: string | null): Check | null {
  if (said === null) return null
  if (said === "diff") return wave => sameShape(fleet, wave)
  if (said.endsWith(".sql")) return sqlCheck(setup, fleet, said)
  return (wave, number) => commandCheck(ctx, setup, said, wave, number)
}

async function sameShape(fleet: Fleet, wave: readonly Item[]): Promise<string | null> {
  const { shapesOf } = await import("./shapes.ts")
  const { shapes } = await shapesOf(fleet, wave.map(item => item.tenant))
  if (shapes.length <= 1) return null
  return `the tenants of this wave have ${shapes.length} shapes: ${shapes.map(({ tenants }) => someOf(tenants.map(one => one.slug), 3)).join(" | ")}`
}

function sqlCheck(setup: Setup, fleet: Fleet, path: string): Check {
  return async wave => {
    const text = await readText(setup.root, isAbsolute(path) ? path : join(setup.root, path), path)
    if (text === null) throw new Fault("usage", `--check: ${path} is not there`, "--check checks/after.sql")
    const extensions = await fleet.extensionSchema()
    for (const [place, items] of Map.groupBy(wave, item => item.place)) {
      const session = await place.session()
      try {
        for (const { tenant } of items) {
          const refusal = await oneSqlCheck(session, text, tenant.schema, extensions)
          if (refusal !== null) return `${tenant.slug}: ${path}: ${refusal}`
        }
      } finally {
        await session.close()
      }
    }
    return null
  }
}

async function oneSqlCheck(session: import("../../core/types.ts").Session, text: string, schema: string, extensions: string | null): Promise<string | null> {
  await session.script(`begin read only; ${MAY_THINK}; set local search_path = ${searchPath(schema, extensions)}; set local statement_timeout = '60s'`)
  try {
    const rows = await session.query<Readonly<Record<string, unknown>>>(text)
    const bad = rows.find(row => Object.values(row)[0] === false)
    return bad ? `it says false: ${JSON.stringify(bad)}` : null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await session.script("rollback").catch(() => {})
  }
}

/** The command is told the wave by its environment: `NSELF_WAVE`, and `NSELF_TENANTS` as a JSON list of slugs. */
async function commandCheck(ctx: Context, setup: Setup, said: string, wave: readonly Item[], number: number): Promise<string | null> {
  const env = { ...setup.environment.env, NSELF_WAVE: String(number), NSELF_TENANTS: JSON.stringify(wave.map(item => item.tenant.slug)) }
  const shell = platform() === "win32" ? ["cmd", "/c", said] : ["sh", "-c", said]
  const { exit, stderr } = await runCommand(shell, { cwd: setup.root, env, signal: ctx.signal })
  return exit === 0 ? null : `\`${said}\` ended with exit ${exit}${stderr ? `: ${stderr}` : ""}`
}
