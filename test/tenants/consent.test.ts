import { afterEach, expect, test } from "bun:test"
import { FILES, site, tenantNames, type Site } from "./support.ts"

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(cleanups.splice(0).map(clean => clean()))))
const made = async (...args: Parameters<typeof site>): Promise<Site> => {
  const one = await site(...args)
  cleanups.push(one.remove)
  return one
}

test("before a roll-back the rows are counted at each tenant", async () => {
  const at = await made(tenantNames(4))
  await at.run("db migrate up --all-tenants --env staging")
  await at.sql("insert into tenant_0002.docs select i, 1 from generate_series(1, 1200) i; insert into tenant_0003.docs values (1, 1)")
  const lines = "  rows of users: 4 rows at 4 tenants, most: 0001 (1), 0002 (1), 0003 (1)\n  table docs: 1,201 rows at 2 tenants: 0002 (1,200), 0003 (1)\n"
  const refused = await at.run("db migrate down --all-tenants --env staging")
  expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining(`rolling back 0002_docs in staging, at 4 tenants, loses data:\n${lines}nothing was changed`)])
  const dry = await at.run("db migrate down --all-tenants --env staging --dry-run")
  expect([dry.exit, dry.stderr]).toEqual([0, expect.stringContaining(`This would lose:\n${lines.trimEnd()}`)])
  expect(await at.sql("select count(*)::int as n from tenant_0002.docs")).toEqual([{ n: 1200 }])
}, 60_000)

test("an index that stops the writes to a big table of some tenant is warned of, and in prod refused unless --allow-blocking", async () => {
  const at = await made(tenantNames(4), { ...FILES, "migrations/0003_index.sql": `CREATE INDEX "users_email" ON "users" ("email");\n` })
  expect((await at.run("db migrate up --all-tenants --to 0002 --env prod")).exit).toBe(0)
  await at.sql("update pg_class set reltuples = 3000000 where oid = 'tenant_0002.users'::regclass; update pg_class set reltuples = 2000000 where oid = 'tenant_0003.users'::regclass")
  const warning = `migrations/0003_index.sql:1: CREATE INDEX stops every write to users of tenant 0002 and 1 other (about 3,000,000 rows) while it runs; this does not:\n  CREATE INDEX CONCURRENTLY "users_email" ON "users" ("email");`
  const refused = await at.run("db migrate up --all-tenants --env prod")
  expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining(warning)])
  expect(await at.sql("select relname from pg_class where relname = 'users_email'")).toEqual([])
  expect((await at.run("db migrate up --all-tenants --env prod --dry-run")).stderr).toContain(`warning: ${warning}`)
  expect((await at.run("db migrate up --all-tenants --env prod --allow-blocking")).exit).toBe(0)
  expect((await at.sql("select relname from pg_class where relname = 'users_email'")).length).toBe(4)
}, 60_000)
