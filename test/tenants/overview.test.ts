import { afterEach, expect, test } from "bun:test"
import { nself } from "../support/nself.ts"
import { FILES, site, tenantNames, type Site } from "./support.ts"

const sites: Site[] = []
afterEach(async () => void (await Promise.all(sites.splice(0).map(one => one.remove()))))
const made = async (...args: Parameters<typeof site>): Promise<Site> => {
  const one = await site(...args)
  sites.push(one)
  return one
}

const REGISTRY = `create schema tenants;
  create table tenants.tenants (id int generated always as identity primary key, slug text unique not null, status text not null default 'active');
  create table tenants.tenant_schemas (tenant_id int references tenants.tenants, schema_name text unique not null);`

test("create, list, status, verify and drop, with nself's own tables", async () => {
  const at = await made([])
  await at.sql(REGISTRY)
  const type = (args: string): Promise<string> => nself(at.dir, args, { env: at.env })
  expect(await type("db tenant create acme-corp")).toMatchInlineSnapshot(`
    "$ nself db tenant create acme-corp
    --- stdout
    Created tenant acme-corp in schema "tenant_acme_corp", at version 0002.
    --- exit 0"
  `)
  expect(await type("db tenant create globex --schema globex")).toMatchInlineSnapshot(`
    "$ nself db tenant create globex --schema globex
    --- stdout
    Created tenant globex in schema "globex", at version 0002.
    --- exit 0"
  `)
  expect(await type("db tenant create globex")).toMatchInlineSnapshot(`
    "$ nself db tenant create globex
    --- stderr
    error: tenant \`globex\` is there already

    hint: nself db migrate up --tenant globex
    --- exit 3"
  `)
  await at.sql("insert into tenants.tenants (slug, status) values ('gone', 'deleted'); insert into tenants.tenant_schemas select id, 'gone' from tenants.tenants where slug = 'gone'; update tenants.tenants set status = 'suspended' where slug = 'globex'")
  expect(await type("db tenant list")).toMatchInlineSnapshot(`
    "$ nself db tenant list
    --- stdout
    slug       schema            status
    acme-corp  tenant_acme_corp  active
    globex     globex            suspended
    gone       gone              deleted

    3 tenants (tenants.tenants)
    --- exit 0"
  `)
  expect(await type("db migrate down --tenant acme-corp")).toMatchInlineSnapshot(`
    "$ nself db migrate down --tenant acme-corp
    --- stdout
    Rolled back at tenant acme-corp: version 0002 to 0001 (42ms).
    --- exit 0"
  `)
  expect(await type("db migrate status --all-tenants --matrix")).toMatchInlineSnapshot(`
    "$ nself db migrate status --all-tenants --matrix
    --- stdout
    Migration status for env: dev, 2 tenants (tenants.tenants)

      0001_users  1 tenant   1 pending: acme-corp
      0002_docs   1 tenant   up to date: globex

      tenant     0001  0002
      acme-corp  x     .
      globex     x     x
      x applied   . pending   ! altered   ~ unfinished   < older than the last applied one

    Left out because of their status: gone
    1 tenant is behind: nself db migrate up --all-tenants
    --- exit 0"
  `)
  expect(await type("db migrate status --all-tenants --exit-code")).toMatchInlineSnapshot(`
    "$ nself db migrate status --all-tenants --exit-code
    --- stdout
    Migration status for env: dev, 2 tenants (tenants.tenants)

      0001_users  1 tenant   1 pending: acme-corp
      0002_docs   1 tenant   up to date: globex

    Left out because of their status: gone
    1 tenant is behind: nself db migrate up --all-tenants
    --- exit 5"
  `)
  await Bun.write(`${at.dir}/migrations/0001_users.sql`, "-- altered\n" + FILES["migrations/0001_users.sql"])
  await Bun.write(`${at.dir}/migrations/meta/_journal.json`, (await Bun.file(`${at.dir}/migrations/meta/_journal.json`).text()).replace(/"checksum": "[^"]*"/, `"checksum": "x"`))
  expect((await type("db migrate verify-checksums --all-tenants")).replaceAll(/sha256:\w+/g, "sha256:…")).toMatchInlineSnapshot(`
    "$ nself db migrate verify-checksums --all-tenants
    --- stdout
    Verifying the applied migrations of 2 tenants...
      [x] 0 tenants  OK
      [!] acme-corp
          0001_users  CHECKSUM MISMATCH
            Expected: sha256:…
            Got:      sha256:…
      [!] globex
          0001_users  CHECKSUM MISMATCH
            Expected: sha256:…
            Got:      sha256:…

    ERROR: Applied migration has been modified. This is a schema integrity violation.
    To resolve: restore the original file, or create a new migration for the change.
    --- exit 4"
  `)
  expect(await type("db tenant drop globex")).toMatchInlineSnapshot(`
    "$ nself db tenant drop globex
    --- stderr
    error: dropping tenant \`globex\` takes schema "globex" with 3 tables and about 0 rows away for good; nothing was changed

    hint: nself db tenant drop globex --yes
    --- exit 3"
  `)
  expect(await type("db tenant drop globex --yes")).toMatchInlineSnapshot(`
    "$ nself db tenant drop globex --yes
    --- stdout
    Dropped tenant globex: schema "globex" with 3 tables.
    --- exit 0"
  `)
  expect(await at.sql("select slug, status from tenants.tenants order by id")).toEqual([{ slug: "acme-corp", status: "active" }, { slug: "globex", status: "deleted" }, { slug: "gone", status: "deleted" }])
})

test("a tenant is created whole or not at all", async () => {
  const at = await made([], { ...FILES, "migrations/0003_bad.sql": "create table third (id int);\nalter table nowhere add column x int;\n" })
  expect(await nself(at.dir, "db tenant create acme-corp", { env: at.env })).toMatchInlineSnapshot(`
    "$ nself db tenant create acme-corp
    --- stderr
    error: migrations/0003_bad.sql:2:1: relation "nowhere" does not exist
    2 | alter table nowhere add column x int;
      | ^
    SQLSTATE 42P01. Nothing of this tenant was changed.

    hint: correct migrations/0003_bad.sql, then run the command again
    --- exit 1"
  `)
  expect(await at.sql("select from pg_namespace where nspname like 'tenant%'")).toEqual([])
})

test("a slug that no tenant has changes nothing anywhere", async () => {
  const at = await made(["tenant_acme_corp"])
  expect(await nself(at.dir, "db migrate up --tenant acme-corpp", { env: at.env })).toMatchInlineSnapshot(`
    "$ nself db migrate up --tenant acme-corpp
    --- stderr
    error: there is no tenant \`acme-corpp\`; nothing was changed

    hint: --tenant acme_corp
    --- exit 2"
  `)
  expect(await nself(at.dir, ["db", "migrate", "up", "--tenant", `a"; drop schema public cascade; --`], { env: at.env })).toMatchInlineSnapshot(`
    "$ nself db migrate up --tenant a"; drop schema public cascade; --
    --- stderr
    error: there is no tenant \`a"; drop schema public cascade; --\`; nothing was changed

    hint: nself db tenant list
    --- exit 2"
  `)
  expect(await at.sql("select from pg_class where relname in ('users', 'np_migrations')")).toEqual([])
  expect(await nself(at.dir, "db migrate up --tenant acme-corp", { env: at.env })).toMatchInlineSnapshot(`
    "$ nself db migrate up --tenant acme-corp
    --- stdout
    Applied to tenant acme_corp: version 0000 to 0002 (42ms).
    --- exit 0"
  `)
})

test("status asks at most five questions, however many tenants there are", async () => {
  const [few, lot] = [await made(tenantNames(2)), await made(tenantNames(350))]
  const asked = async ({ dir, env }: Site): Promise<number> => {
    expect(await nself(dir, "db migrate up --all-tenants", { env })).toContain("exit 0")
    const said = await nself(dir, "db migrate status --all-tenants --verbose", { env })
    expect(said).toContain("exit 0")
    return said.split("\n").filter(line => /^\[ *[\d.]+ ms\] (?!set |begin|commit)/.test(line)).length
  }
  expect(await asked(few)).toBeGreaterThan(0)
  const questions = await asked(lot)
  expect(questions).toBeGreaterThan(0)
  expect(questions).toBeLessThanOrEqual(5)
}, 120_000)
