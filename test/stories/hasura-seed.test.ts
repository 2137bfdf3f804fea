import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { Client } from "pg"
import { join } from "node:path"
import { ask } from "../support/migrating.ts"
import { testThatNeeds } from "../support/needs.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => unknown)[] = []
beforeAll(async () => void (server = await startServer(15)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const TABLES = "CREATE TABLE public.np_licenses (id serial PRIMARY KEY, owner text NOT NULL, note text);"
/** What `pg_dump --data-only` of PostgreSQL 15.18 made, as Hasura's `seed create --from-table` and people hand it on. */
const EXPORT = await Bun.file(join(import.meta.dir, "../data/fixtures/hasura-export.sql")).text()

async function story(files: Readonly<Record<string, string>>) {
  const { dir, remove } = await project(files)
  removes.push(remove)
  const url = await server.database()
  await ask(url, TABLES)
  const env = { DATABASE_URL: url }
  return {
    dir, url, rows: <R>(query: string) => ask<R>(url, query),
    type: (args: string, more = {}) => nself(dir, args, { env: { ...env, ...more } }), run: (args: string, more = {}) => runNself(dir, args, { env: { ...env, ...more } }),
  }
}

test.each(["hasura/seeds/default", "seeds/default", "seeds"])("a bare name is found in %s/, and pg_dump's export goes in whole", async folder => {
  const { type, rows } = await story({ [`${folder}/008_owner_license.sql`]: EXPORT })
  expect((await type("db hasura seed apply --file 008_owner_license.sql")).replace(folder, "<folder>")).toBe(
    "$ nself db hasura seed apply --file 008_owner_license.sql\n--- stdout\nSeeding <folder>/008_owner_license.sql ... done (42ms)\nRan 1 seed.\n--- exit 0")
  expect(await rows("select * from np_licenses order by id")).toEqual([
    { id: 1, owner: "O'Hara", note: null }, { id: 2, owner: "Zoë 😀", note: "tab\tand\nline \\ end" }, { id: 3, owner: "select 1;", note: "\\." },
  ])
  expect(await rows("insert into np_licenses (owner) values ('next') returning id")).toEqual([{ id: 4 }])
  expect(await rows("select file from np_seeds")).toEqual([{ file: `${folder}/008_owner_license.sql` }])
})

test("the same export goes into the embedded database", async () => {
  const { dir, remove } = await project({ "seeds/001_tables.sql": TABLES, "hasura/seeds/default/008_owner_license.sql": EXPORT, "seeds/009_check.sql": "do $$ begin assert (select count(*) = 3 from np_licenses); end $$;" })
  removes.push(remove)
  expect(await runNself(dir, "db seed")).toMatchObject({ exit: 0, stdout: expect.stringContaining("Ran 3 seeds.") })
})

test("what pg_dump 17 sets and this server does not know yet is passed over", async () => {
  const { type } = await story({ "seeds/008_new.sql": EXPORT.replace("SET client_encoding", "SET transaction_timeout = 0;\nSET client_encoding") })
  expect(await type("db hasura seed apply --file 008_new.sql")).toContain("Ran 1 seed.\n--- exit 0")
})

test("several files by name and by path, in the order given; without --file all of the database's folder", async () => {
  const insert = (owner: string) => `insert into np_licenses (owner) values ('${owner}');`
  const { run, rows } = await story({ "hasura/seeds/other/1_a.sql": insert("a"), "hasura/seeds/other/2_b.sql": insert("b"), "sql/c.sql": insert("c") })
  expect(await run("db hasura seed apply --database-name other --file 2_b.sql --file sql/c.sql")).toMatchObject({ exit: 0 })
  expect(await run("db hasura seed apply --database-name other")).toMatchObject({ exit: 0 })
  expect(await rows("select owner from np_licenses order by id")).toEqual(["b", "c", "a", "b"].map(owner => ({ owner })))
})

test("a row that PostgreSQL refuses is shown with its own line, and nothing of the file is there", async () => {
  const { type, rows } = await story({ "seeds/008_x.sql": EXPORT.replace("2\tZoë", "two\tZoë") })
  expect(await type("db hasura seed apply --file 008_x.sql")).toMatchInlineSnapshot(`
    "$ nself db hasura seed apply --file 008_x.sql
    --- stdout
    Seeding seeds/008_x.sql ... failed
    Ran 0 seeds.
    --- stderr
    error: seeds/008_x.sql:27:1: invalid input syntax for type integer: "two"
    27 | two Zoë 😀 tab\\tand\\nline \\\\ end
       | ^
    context: COPY np_licenses, line 2, column id: "two"
    SQLSTATE 22P02. Nothing of this file is in the database.

    hint: correct seeds/008_x.sql, then run the command again
    --- exit 1"
  `)
  expect(await rows("select * from np_licenses")).toEqual([])
})

/** Hasura's run_sql as its documentation says it, in front of a real database. */
function hasura(url: string, secret: string) {
  const seen: unknown[] = []
  const api = Bun.serve({
    port: 0, hostname: "127.0.0.1",
    fetch: async request => {
      const body = (await request.json()) as { type: string; args: { sql: string; source: string } }
      seen.push({ path: new URL(request.url).pathname, ...body })
      if (request.headers.get("x-hasura-admin-secret") !== secret) return Response.json({ path: "$", error: "invalid x-hasura-admin-secret/x-hasura-access-key", code: "access-denied" }, { status: 401 })
      const client = new Client({ connectionString: url })
      await client.connect()
      try {
        await client.query(body.args.sql)
        return Response.json({ result_type: "CommandOk", result: null })
      } catch (error) {
        const { message, code } = error as { message: string; code: string }
        return Response.json({ path: "$", error: "query execution failed", code: "postgres-error", internal: { error: { message, description: null, status_code: code, exec_status: "FatalError" } } }, { status: 400 })
      } finally {
        await client.end()
      }
    },
  })
  removes.push(() => api.stop(true))
  return { seen, endpoint: `http://127.0.0.1:${api.port}` }
}

test("through Hasura's run_sql, with the admin secret, which is never shown", async () => {
  const { run, rows, url } = await story({ "hasura/seeds/default/008_a.sql": "\\restrict x\nSET check_function_bodies = false;\nINSERT INTO public.np_licenses (owner) VALUES ('h');\nSELECT pg_catalog.setval('np_licenses_id_seq', 7);\n\\unrestrict x\n" })
  const { seen, endpoint } = hasura(url, "s3cret-of-hasura")
  const good = await run(`db hasura seed apply --file 008_a.sql --endpoint ${endpoint}`, { HASURA_GRAPHQL_ADMIN_SECRET: "s3cret-of-hasura" })
  expect(good).toMatchObject({ exit: 0, stdout: expect.stringContaining("Ran 1 seed.") })
  expect(seen).toMatchObject([{ path: "/v2/query", type: "run_sql", args: { source: "default", cascade: false, read_only: false } }])
  expect(await rows("select id, owner from np_licenses")).toEqual([{ id: 1, owner: "h" }])
  const bad = await run(`db hasura seed apply --file 008_a.sql --endpoint ${endpoint} --admin-secret wrong-secret`)
  expect(bad.exit).toBe(1)
  expect(bad.stderr).toContain("HTTP 401")
  expect(bad.stdout + bad.stderr).not.toContain("wrong-secret")
})

test("what Hasura refuses stops the run, and what run_sql cannot take is refused before it is sent", async () => {
  const { run, url } = await story({ "seeds/1_bad.sql": "insert into np_licenses (owner) values (null);", "seeds/2_after.sql": "select 1;", "seeds/3_copy.sql": EXPORT })
  const { seen, endpoint } = hasura(url, "x")
  const env = { HASURA_GRAPHQL_ADMIN_SECRET: "x" }
  const bad = await run(`db hasura seed apply --file 1_bad.sql --file 2_after.sql --endpoint ${endpoint}`, env)
  expect(bad.exit).toBe(1)
  expect(bad.stderr).toContain("seeds/1_bad.sql: Hasura said no (HTTP 400): query execution failed: null value in column \"owner\"")
  expect(bad.stderr).toContain("SQLSTATE 23502")
  expect(seen.length).toBe(1)
  expect(await run(`db hasura seed apply --file 3_copy.sql --endpoint ${endpoint}`, env)).toMatchObject({ exit: 3, stderr: expect.stringMatching(/seeds\/3_copy.sql:\d+: Hasura's run_sql takes no rows behind COPY/) })
  expect(seen.length).toBe(1)
  expect(await run("db hasura seed apply --file 2_after.sql --endpoint ftp://x", env)).toMatchObject({ exit: 2 })
  expect(await run("db hasura seed apply --file 2_after.sql --endpoint http://127.0.0.1:1", env)).toMatchObject({ exit: 1, stderr: expect.stringContaining("Hasura cannot be reached at http://127.0.0.1:1/") })
})

testThatNeeds(Bun.which("pg_dump") !== null, "pg_dump", "what this machine's pg_dump makes goes in, too", async () => {
  const { type, url, rows, dir } = await story({ "seeds/none.sql": "select 1;" })
  await ask(url, "insert into np_licenses (owner, note) select 'owner ' || i, case when i % 3 = 0 then null else repeat(E'\\\\ \\t\\n', i) end from generate_series(1, 50) i")
  const before = await rows("select * from np_licenses order by id")
  const dump = Bun.spawnSync(["pg_dump", "--data-only", "--table=np_licenses", url])
  expect(dump.stderr.toString()).toBe("")
  await Bun.write(join(dir, "seeds/010_all.sql"), dump.stdout)
  await ask(url, "truncate np_licenses restart identity")
  expect(await type("db hasura seed apply --file 010_all.sql")).toContain("Ran 1 seed.\n--- exit 0")
  expect(await rows("select * from np_licenses order by id")).toEqual(before)
})
