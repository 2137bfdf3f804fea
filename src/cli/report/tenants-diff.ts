import { isSame } from "../../core/compare.ts"
import { shownDrift } from "../../core/diff.ts"
import { sqlText } from "../../core/migration-text.ts"
import { pad } from "../../core/name.ts"
import { someOf } from "../../core/tenant.ts"
import type { ShapeDiff, TenantsDiff } from "../../flows/tenants/diff.ts"
import type { Paint } from "../paint.ts"
import { driftText } from "./drift.ts"
import { count } from "./words.ts"

const HEADS = {
  missing: "Missing in DB (in schema, not in DB):", extra: "Extra in DB (in DB, not in schema):", changed: "Changed in DB (in DB otherwise than in schema):", want: "schema", have: "DB",
}

/** Each distinct shape once, with its tenants. */
export function tenantsDiffText({ total, source, shapes, unread }: TenantsDiff, paint: Paint): string {
  const odd = shapes.filter(shape => !isSame(shape.drift))
  const sum = odd.reduce((n, shape) => n + shape.slugs.length, 0)
  return [
    `${count(total, "tenant")} (${source}) in ${count(shapes.length, "shape")}.`,
    ...shapes.filter(shape => isSame(shape.drift)).map(shape => `${paint.green("No drift")}: ${count(shape.slugs.length, "tenant")} at version ${pad(shape.version)}${pendingOf(shape)}`),
    ...odd.flatMap(shape => ["", `${paint.red("Schema drift")} at ${count(shape.slugs.length, "tenant")} at version ${pad(shape.version)}: ${someOf(shape.slugs, 10)}${pendingOf(shape)}`, "", ...driftText(shape.drift, HEADS), ...shape.notes.map(note => `${paint.yellow("note")}: ${note}`)]),
    ...(unread.length === 0 ? [] : ["", ...[...Map.groupBy(unread, one => one.why)].map(([why, all]) => `${paint.red("Not readable")}: ${someOf(all.map(one => one.slug), 10)}: ${why}`)]),
    ...(sum === 0 ? [] : ["", `${sum} of ${count(total, "tenant")} ${sum === 1 ? "differs" : "differ"} from the migrations. To see one alone: nself db migrate diff --tenant ${odd[0]!.slugs[0]}`]),
  ].join("\n")
}

function pendingOf({ pending }: ShapeDiff): string {
  return pending.length === 0 ? "" : `, ${pending.length} pending`
}

/** The statements that close the drift, per shape. */
export function tenantsDiffSql({ shapes }: TenantsDiff): string {
  const odd = shapes.filter(shape => shape.sql.length > 0)
  if (odd.length === 0) return "-- all tenants are what their migrations made; nothing to do"
  return odd.map(shape => `-- for ${someOf(shape.slugs, 10)}; run it with search_path set to the tenant's schema\n${sqlText(shape.sql)}`).join("\n\n")
}

/** The same for `--json`. */
export function tenantsDiffJson({ shapes, ...rest }: TenantsDiff): unknown {
  return { ...rest, shapes: shapes.map(({ drift, version, slugs, ...shape }) => ({ tenants: slugs.length, slugs, version: pad(version), drift: shownDrift(drift), ...shape })) }
}
