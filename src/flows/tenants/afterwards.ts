import type { TenantRow } from "../../core/tenant-run.ts"
import { HOME } from "../database.ts"
import type { FanOut } from "./fan-out.ts"
import { visiting } from "./places.ts"
import type { Item } from "./visit.ts"

/** Failures are written down as well, as far as that is still possible: it must not hide them. */
export async function noteFailures(given: FanOut, rows: ReadonlyMap<Item, TenantRow>, items: readonly Item[]): Promise<void> {
  const failed = items.filter(item => item.place.home && rows.get(item)?.state === "failed")
  const { fleet: { database }, actor, direction } = given
  if (!database || failed.length === 0) return
  const { recordAudit } = await import("../../pg/audit.ts")
  await visiting(failed[0]!.place, async session => {
    for (const item of failed) {
      await recordAudit(session, HOME, actor, { action: direction, schema: item.tenant.schema, version: null, name: `tenant ${item.tenant.slug}`, before: null, after: null, result: "failed", detail: rows.get(item)!.fault!.message })
    }
  }).catch(() => {})
}

/** With `--fast-commit` a commit is told before it is on disk: one transaction that waits for the disk is behind all of them. */
export async function flushAll(items: readonly Item[]): Promise<void> {
  const places = new Set(items.filter(item => item.changed).map(item => item.place))
  for (const place of places) {
    await visiting(place, session => session.script("begin; set local synchronous_commit = on; select pg_logical_emit_message(true, 'nself', 'flush'); commit"))
  }
}
