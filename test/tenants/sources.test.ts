import { afterEach, expect, test } from "bun:test"
import { startServer } from "../support/server.ts"
import { site, type Site } from "./support.ts"

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(cleanups.splice(0).map(clean => clean()))))

async function configured(schemas: readonly string[], tenants: object): Promise<Site> {
  const at = await site(schemas)
  cleanups.push(at.remove)
  await Bun.write(`${at.dir}/drizzle.config.json`, JSON.stringify({ dialect: "postgresql", nself: { tenants } }))
  return at
}

const withUsers = async (at: Site): Promise<readonly string[]> => (await at.sql<{ schema: string }>("select relnamespace::regnamespace::text as schema from pg_class where relname = 'users' order by 1")).map(row => row.schema)

test("tenants from a query: slugs, schemas and statuses are its columns; the skipped ones are named", async () => {
  const at = await configured(["a", "b", "c", "d"], { query: "select slug, home as schema, state as status from customers", skip: ["suspended", "deleted"] })
  await at.sql("create table customers (slug text, home text, state text); insert into customers values ('acme', 'a', 'active'), ('globex', 'b', 'suspended'), ('initech', 'c', 'deleted'), ('hooli', 'd', 'active')")
  const all = await at.run("db migrate up --all-tenants")
  expect([all.exit, all.stdout]).toEqual([0, expect.stringContaining("Left out because of their status: globex, initech")])
  expect(await withUsers(at)).toEqual(["a", "d"])
  expect((await at.run("db migrate up --tenant globex")).exit).toBe(0) // named: taken whatever its status
  expect(await withUsers(at)).toEqual(["a", "b", "d"])
}, 60_000)

test("tenants from a pattern, and from a file with a database for each", async () => {
  const byPattern = await configured(["app_one", "app_two", "other"], { schemas: "app_*" })
  expect((await byPattern.run("db migrate up --all-tenants")).exit).toBe(0)
  expect(await withUsers(byPattern)).toEqual(["app_one", "app_two"])
  const server = await startServer(18)
  const urls = [await server.database(), await server.database()]
  const byFile = await configured([], { file: "tenants.tsv" })
  await Bun.write(`${byFile.dir}/tenants.tsv`, urls.map((url, i) => `own-${i}\t${url}`).join("\n"))
  const status = async (): Promise<string> => (await byFile.run("db migrate status --all-tenants", { DATABASE_URL: "" })).stdout
  expect((await byFile.run("db migrate up --all-tenants", { DATABASE_URL: "" })).exit).toBe(0)
  expect(await status()).toContain("2 tenants  up to date")
  expect((await byFile.run("db migrate down --tenant own-1 --to 0", { DATABASE_URL: "" })).exit).toBe(0)
  expect(await status()).toContain("own-1")
}, 60_000)

test("an answer that is longer than a pipe holds arrives whole, however slowly it is read", async () => {
  const at = await configured([], { file: "tenants.tsv" })
  await Bun.write(`${at.dir}/tenants.tsv`, Array.from({ length: 3000 }, (_, i) => `own-${i}\tpostgres://127.0.0.1:1/db${i}`).join("\n"))
  const main = `${import.meta.dir}/../../src/main.ts`
  const said = await Bun.$`${process.execPath} --no-env-file ${main} db tenant list --json | (sleep 1; cat)`.cwd(at.dir).env({ PATH: process.env["PATH"] ?? "", HOME: "/" }).text()
  expect(said.length).toBeGreaterThan(200_000)
  expect((JSON.parse(said) as { data: { tenants: unknown[] } }).data.tenants).toHaveLength(3000)
}, 60_000)
