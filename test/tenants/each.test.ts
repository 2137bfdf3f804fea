import { afterEach, expect, test } from "bun:test"
import { site, tenantNames, type Site } from "./support.ts"

const sites: Site[] = []
afterEach(async () => void (await Promise.all(sites.splice(0).map(one => one.remove()))))

test("seed, mock and doctor at all tenants, and at one", async () => {
  const names = tenantNames(6)
  const at = await site(names, {
    "migrations/0001_users.sql": `CREATE TABLE "users" ("id" int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "email" text UNIQUE NOT NULL);\n`,
    "seeds/001_admin.sql": "insert into users (email) values ('admin@example.com') on conflict do nothing;\n",
  })
  sites.push(at)
  const counts = async (): Promise<readonly number[]> => (await at.sql<{ n: number }>(names.map(name => `select count(*)::int as n from ${name}.users`).join(" union all "))).map(row => row.n)
  const before = await at.run("doctor --all-tenants --only tenants")
  expect([before.exit, before.stdout]).toEqual([12, expect.stringContaining("6 of 6 tenants are behind")])
  expect((await at.run("db migrate up --all-tenants")).exit).toBe(0)
  const seeded = await at.run("db seed --all-tenants")
  expect([seeded.exit, seeded.stdout.replace(/[\d.]+ s/, "0.1 s")]).toEqual([0, "Ran the seeds at 6 of 6 tenants in 0.1 s.\n"])
  expect(await counts()).toEqual([1, 1, 1, 1, 1, 1])
  await at.sql("drop table tenant_0002.users")
  await at.sql("create table tenant_0002.users (id int generated always as identity primary key, email text not null)")
  const again = await at.json<{ tenants: { slug: string; state: string; fault: { message: string } | null }[] }>("db mock --table users --count 5 --seed 7 --all-tenants")
  expect([again.exit, again.data.tenants.map(row => row.state)]).toEqual([0, ["done", "done", "done", "done", "done", "done"]])
  expect((await counts()).toSorted()).toEqual([5, 6, 6, 6, 6, 6])
  expect((await at.run("db mock --table users --count 2 --tenant 0003")).exit).toBe(0)
  expect((await counts()).toSorted()).toEqual([5, 6, 6, 6, 6, 8])
  const sick = await at.run("doctor --all-tenants --only tenants")
  expect([sick.exit, sick.stdout]).toEqual([10, expect.stringContaining("differ from their history: 0002")])
  await at.sql("drop table tenant_0004.users")
  const partly = await at.run("db seed --all-tenants")
  expect([partly.exit, partly.stdout]).toEqual([8, expect.stringContaining("Ran the seeds at 5 of 6 tenants")])
  expect(partly.stdout).toContain("0004\n    seeds/001_admin.sql:1:13: relation \"users\" does not exist")
}, 60_000)
