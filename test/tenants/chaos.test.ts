import { afterEach, expect, test } from "bun:test"
import { round } from "./chaos.ts"
import { site, tenantNames, type Site } from "./support.ts"

const sites: Site[] = []
afterEach(async () => void (await Promise.all(sites.splice(0).map(one => one.remove()))))

test("four processes share the work while one is killed again and again: exactly once each, and done means done", async () => {
  const tenants = tenantNames(60)
  const at = await site(tenants, {})
  sites.push(at)
  for (const number of [1, 2]) {
    const { kills, ...rest } = await round(at, { tenants, processes: 4, killEvery: 250, random: Math.random }, number)
    expect(rest).toEqual({ once: 60, locks: 0, early: 0, bad: [], said: "" })
    expect(kills).toBeGreaterThan(0)
  }
}, 120_000)
