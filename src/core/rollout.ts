import { Fault } from "./fault.ts"

/** How much of the tenants one wave may reach, the waves before it counted in: `10`, or `10%`. */
export type Share = { readonly kind: "count"; readonly n: number } | { readonly kind: "percent"; readonly n: number } | { readonly kind: "slugs"; readonly slugs: readonly string[] }

const WAVES_HINT = "--waves 1,10,100%: one tenant, then up to ten, then all"

/** `1,10,100%` taken apart. Throws a `usage` fault for anything else. */
export function parseWaves(text: string): readonly Share[] {
  return text.split(",").map(part => {
    const found = /^\s*(\d+(?:\.\d+)?)(%?)\s*$/.exec(part)
    const n = Number(found?.[1])
    const percent = found?.[2] === "%"
    if (!found || n <= 0 || (percent ? n > 100 : !Number.isInteger(n))) throw new Fault("usage", `--waves: \`${part.trim()}\` is neither a number of tenants nor a percentage`, WAVES_HINT)
    return { kind: percent ? "percent" : "count", n } as const
  })
}

/** The first wave alone: `1%`, `3`, or slugs: `acme-corp,globex`. */
export function parseCanary(text: string): Share {
  if (/^\s*([1-9]\d*|\d+(\.\d+)?%)\s*$/.test(text)) return parseWaves(text)[0]! // 0042 is a slug
  const slugs = text.split(",").map(slug => slug.trim()).filter(slug => slug !== "")
  if (slugs.length === 0) throw new Fault("usage", "--canary needs a share or slugs", "--canary 1%, or --canary acme-corp,globex")
  return { kind: "slugs", slugs }
}

/**
 * The tenants in waves: each share says how many are reached when its wave is over, the last wave takes what is left. Empty waves are left out.
 *
 * @param shares  from the canary to the last
 * @param slugOf  a canary's slugs must be among the tenants; throws `usage` when one is not
 */
export function wavesOf<T>(tenants: readonly T[], shares: readonly Share[], slugOf: (tenant: T) => string): readonly (readonly T[])[] {
  const waves: T[][] = []
  let left = [...tenants]
  const take = (wave: readonly T[]): void => {
    if (wave.length === 0) return
    const taken = new Set(wave)
    waves.push([...wave])
    left = left.filter(one => !taken.has(one))
  }
  for (const share of shares) {
    if (share.kind === "slugs") take(named(left, share.slugs, slugOf))
    else take(left.slice(0, Math.max(0, reach(share, tenants.length) - (tenants.length - left.length))))
  }
  take(left)
  return waves
}

function reach(share: Exclude<Share, { kind: "slugs" }>, total: number): number {
  return share.kind === "count" ? share.n : Math.max(1, Math.ceil((share.n / 100) * total))
}

function named<T>(tenants: readonly T[], slugs: readonly string[], slugOf: (tenant: T) => string): readonly T[] {
  const missing = slugs.find(slug => !tenants.some(one => slugOf(one) === slug))
  if (missing !== undefined) throw new Fault("usage", `--canary: there is no tenant \`${missing}\` among the chosen ones`, "nself db tenant list")
  return tenants.filter(one => slugs.includes(slugOf(one)))
}

/** The same list from another beginning, so that processes which share the work meet rarely. `at`: from 0 to 1. */
export function rotated<T>(list: readonly T[], at: number): readonly T[] {
  const from = Math.floor(at * list.length) % Math.max(1, list.length)
  return [...list.slice(from), ...list.slice(0, from)]
}
