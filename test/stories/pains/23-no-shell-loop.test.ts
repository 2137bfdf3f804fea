import { afterAll, expect, test } from "bun:test"
import { site, tenantNames, type Site } from "../../tenants/support.ts"

let at: Site
afterAll(() => at.remove())

const SECOND = `ALTER TABLE "users" ADD COLUMN "name" text;\nUPDATE "users" SET "name" = 'x';\nCREATE INDEX "users_name" ON "users" ("name");\n`

test("23: one schema per tenant: one command, each tenant whole or untouched, a table of results, and the next run goes on with what is left", async () => {
  const names = tenantNames(40)
  at = await site(names, { "migrations/0001_users.sql": `CREATE TABLE "users" ("id" int PRIMARY KEY);\nINSERT INTO "users" VALUES (1);\n`, "migrations/0002_name.sql": SECOND })
  await at.run("db migrate up --all-tenants --to 0001")
  await at.sql("create table tenant_0013.in_the_way (name text); create index users_name on tenant_0013.in_the_way (name)")
  const first = await at.run("db migrate up --all-tenants")
  expect(first.exit).toBe(8)
  expect(first.stdout).toMatch(/^Applied to 39 of 40 tenants in /)
  expect(first.stdout).toContain(`Failed (1):\n  0013 (at 0001)\n    migrations/0002_name.sql:3:1: relation "users_name" already exists`)
  // the statements before the one that failed left nothing
  expect(await at.sql("select attname from pg_attribute where attrelid = 'tenant_0013.users'::regclass and attnum > 0")).toEqual([{ attname: "id" }])
  await at.sql("drop table tenant_0013.in_the_way")
  const second = await at.run("db migrate up --all-tenants")
  expect([second.exit, second.stdout.replace(/in .*\)/, "in …")]).toEqual([0, "Applied to 1 of 40 tenants in …: version 0002. 39 needed nothing.\n"])
  expect(await at.sql(names.map(name => `select from ${name}.users where name = 'x'`).join(" union all "))).toHaveLength(40)
}, 60_000)
