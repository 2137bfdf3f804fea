import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { ask } from "../support/migrating.ts"
import { project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "migrations/0001_tables.sql": "CREATE TABLE roles (id text PRIMARY KEY, name text NOT NULL);\nCREATE TABLE users (id uuid PRIMARY KEY, role_id text NOT NULL REFERENCES roles, email text NOT NULL UNIQUE);\n",
  "migrations/0001_tables.down.sql": "DROP TABLE users;\nDROP TABLE roles;\n",
  "seeds/001_roles.sql": "INSERT INTO roles VALUES ('admin', 'Administrator') ON CONFLICT DO NOTHING;\n",
  "seeds/002_more.ts": `
    import { drizzle } from 'drizzle-orm/node-postgres'
    import { pgTable, text } from 'drizzle-orm/pg-core'
    import { Pool } from 'pg'
    const db = drizzle(new Pool())
    const roles = pgTable('roles', { id: text('id').primaryKey(), name: text('name').notNull() })
    await db.insert(roles).values({ id: 'viewer', name: 'Viewer' }).onConflictDoNothing()
    process.exit()`,
  "seeds/default/003_export.sql": "COPY roles (id, name) FROM stdin;\nguest\tGuest\n\\.\n",
}

test.each(["server", "embedded"])("seeds, Hasura's seeds and mock rows go into one tenant's schema alone (%s)", async where => {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  const env: Record<string, string> = where === "server" ? { DATABASE_URL: await server.database() } : {}
  const type = async (args: string): Promise<string> => {
    const { stdout, stderr, exit } = await runNself(dir, args, { env })
    return `${stdout}${stderr}exit ${exit}`
  }
  for (const slug of ["acme-corp", "globex"]) expect(await type(`db tenant create ${slug}`)).toContain("exit 0")
  expect(await type("db seed --tenant acme-corp --file 001_roles.sql --file 002_more.ts")).toContain("Ran 2 seeds.")
  expect(await type("db hasura seed apply --tenant acme-corp --file 003_export.sql")).toContain("Ran 1 seed.")
  expect(await type("db mock --tenant acme-corp --table users --count 25 --seed 1")).toContain("Filled users with 25 rows")
  expect(await type("db mock --tenant globex --table users --count 5")).toContain("users needs rows of roles (users_role_id_fkey), and there is none")
  expect(await type("db seed --tenant nobody")).toContain("there is no tenant `nobody`")
  const check = `do $$ begin
    assert (select string_agg(id, ' ' order by id) from tenant_acme_corp.roles) = 'admin guest viewer', 'roles'; assert (select count(*) from tenant_acme_corp.users) = 25, 'users';
    assert (select count(*) from tenant_acme_corp.np_seeds) = 3, 'np_seeds'; assert (select count(*) from tenant_globex.roles) = 0, 'globex'; assert to_regclass('public.roles') is null, 'public'; end $$`
  if (where === "server") await ask(env["DATABASE_URL"]!, check)
  else {
    await Bun.write(`${dir}/seeds/009_check.sql`, check)
    expect(await type("db seed --file 009_check.sql")).toContain("Ran 1 seed.")
  }
})
