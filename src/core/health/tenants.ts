import { someOf } from "../tenant.ts"
import { counted, fail, pass, warn, type Check } from "./check.ts"

/** What was seen of all tenants, or of those that were asked for. */
export interface TenantsFacts {
  readonly total: number
  /** Slugs of tenants that have migrations pending. */
  readonly behind: readonly string[]
  /** Tenants whose ledger does not fit the files, and how. */
  readonly odd: readonly { readonly slugs: readonly string[]; readonly said: readonly string[] }[]
  readonly unread: readonly { readonly slug: string; readonly why: string }[]
  /** Slugs of tenants that differ from their history; `null`: nobody looked. */
  readonly drifted: readonly string[] | null
  /** Citus shards schemas in this database. */
  readonly citus: boolean
}

const CITUS = "Citus shards schemas here: each ledger moves with its schema, but nself is not tested with Citus"

/** How the tenants stand: an altered file or one that cannot be read is a failure, one that is behind a warning. */
export function tenantsCheck({ total, behind, odd, unread, drifted, citus }: TenantsFacts): Check {
  const details = [
    ...unread.map(({ slug, why }) => `${slug}: ${why}`), ...odd.map(({ slugs, said }) => `${someOf(slugs)}: ${said.join(", ")}`),
    ...(drifted && drifted.length > 0 ? [`differ from their history: ${someOf(drifted)}`] : []), ...(behind.length > 0 ? [`behind: ${someOf(behind)}`] : []), ...(citus ? [CITUS] : []),
  ]
  const bad = [...new Set([...odd.flatMap(one => one.slugs), ...unread.map(one => one.slug), ...(drifted ?? [])])].length
  if (bad > 0) return fail("tenants", `${bad} of ${counted(total, "tenant")} ${bad === 1 ? "is" : "are"} not as they should be`, { details, next: drifted && drifted.length > 0 ? "nself db migrate diff --all-tenants" : "nself db migrate status --all-tenants" })
  if (behind.length > 0) return warn("tenants", `${behind.length} of ${counted(total, "tenant")} ${behind.length === 1 ? "is" : "are"} behind`, { details, next: "nself db migrate up --all-tenants" })
  const looked = drifted === null ? "" : ", no drift"
  return citus ? warn("tenants", `${counted(total, "tenant")}, all up to date${looked}`, { details, next: "try one tenant first: nself db migrate up --all-tenants --canary 1" }) : pass("tenants", `${counted(total, "tenant")}, all up to date${looked}`)
}
