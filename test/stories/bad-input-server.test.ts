import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { ask } from "../support/migrating.ts"
import { nself, project } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(() => admin(server.url, "drop owned by bad_input_guest; drop role bad_input_guest").catch(() => {}))

const FILES = { "migrations/0001_first.sql": `CREATE TABLE "np_users" ("id" int);\n`, "migrations/0001_first.down.sql": `DROP TABLE "np_users";\n` }

async function typed(args: string, DATABASE_URL: string, files: Readonly<Record<string, string>> = FILES): Promise<string> {
  const { dir, remove } = await project(files)
  removes.push(remove)
  const said = await nself(dir, args, { env: { DATABASE_URL } })
  return said.replaceAll(`:${server.port}`, ":5432").replaceAll(/t\d+_[0-9a-f]{8}/g, "app")
}

test.each(["db migrate up", "db migrate status", "db migrate down"])("%s: nobody listens there", async args => {
  expect(await typed(args, "postgres://nobody:s3cret@127.0.0.1:1/app")).toMatchSnapshot()
})

test("a host that does not exist", async () => {
  expect(await typed("db migrate status", "postgres://nobody:s3cret@no-such-host.invalid/app")).toMatchSnapshot()
})

test("a database that does not exist", async () => {
  expect(await typed("db migrate status", `postgres://postgres@127.0.0.1:${server.port}/no_such_database`)).toMatchSnapshot()
})

test("a wrong password", async () => {
  await guest()
  expect(await typed("db migrate status", `postgres://bad_input_guest:wr0ng@127.0.0.1:${server.port}/postgres`)).toMatchSnapshot()
})

test("no right to create: nothing of it is left in the database", async () => {
  await guest()
  const url = await server.database()
  const { pathname } = new URL(url)
  expect(await typed("db migrate up", `postgres://bad_input_guest:gu3st@127.0.0.1:${server.port}${pathname}`)).toMatchSnapshot()
  expect(await ask(url, "select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([])
})

test("a ledger, but no right to create tables: the migration is as if it had never been tried", async () => {
  await guest()
  const url = await server.database()
  const more = { ...FILES, "migrations/0002_more.sql": `CREATE TABLE "np_more" ("id" int);\n` }
  expect(await typed("db migrate up --to 0001", url, more)).toContain("--- exit 0")
  await admin(url, "grant select, insert, update, delete on all tables in schema public to bad_input_guest")
  const { pathname } = new URL(url)
  expect(await typed("db migrate up", `postgres://bad_input_guest:gu3st@127.0.0.1:${server.port}${pathname}`, more)).toMatchSnapshot()
  expect(await ask(url, "select version from np_migrations")).toHaveLength(1)
})

test.each(["mysql://root@127.0.0.1/app", "postgres://a@127.0.0.1:70000/app", "postgres://a@127.0.0.1/app?sslmod=require"])("%s is no address", async url => {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  expect(await nself(dir, "db migrate status", { env: { DATABASE_URL: url } })).toMatchSnapshot()
})

const guest = () => admin(server.url, `do $$ begin if not exists (select from pg_roles where rolname = 'bad_input_guest') then create role bad_input_guest login password 'gu3st'; end if; end $$`)
