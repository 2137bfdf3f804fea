import { afterEach, describe, expect, test } from "bun:test"
import { exactlyOnce, FILES, site, tenantNames, type Site } from "./support.ts"

const sites: Site[] = []
afterEach(async () => void (await Promise.all(sites.splice(0).map(one => one.remove()))))
const made = async (...args: Parameters<typeof site>): Promise<Site> => {
  const one = await site(...args)
  sites.push(one)
  return one
}

describe.each([15, 18] as const)("PostgreSQL %i", major => {
  test("all tenants come to the newest version, then there is nothing to do, then all go back", async () => {
    const names = tenantNames(60)
    const at = await made(names, FILES, major)
    const first = await at.run("db migrate up --all-tenants")
    expect(first.stderr).toBe("")
    expect(first.stdout).toMatch(/^Applied to 60 of 60 tenants in [\d.]+ s \(\d+\/s\): version 0002\.\nSlowest: /)
    expect(first.exit).toBe(0)
    expect(await exactlyOnce(at, names)).toBe(60)
    expect((await at.run("db migrate up --all-tenants")).stdout).toBe("Nothing to do at 60 tenants: version 0002.\n")
    expect((await at.run("db migrate down --all-tenants")).stdout).toMatch(/^Rolled back at 60 of 60 tenants in .*: version 0001\./)
    expect((await at.run("db migrate down --all-tenants --to 0")).stdout).toMatch(/^Rolled back at 60 of 60 tenants in .*: version 0000\./)
    expect(await at.sql("select from pg_class where relname in ('users', 'docs')")).toHaveLength(0)
  })
})
