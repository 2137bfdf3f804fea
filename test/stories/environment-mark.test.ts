import { afterAll, expect, test } from "bun:test"
import { nself, project } from "../support/nself.ts"
import { startServer } from "../support/server.ts"
import { ask } from "../support/migrating.ts"

const removes: (() => Promise<void>)[] = []
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = { "migrations/0001_initial.sql": `CREATE TABLE "np_users" ("id" int);\n`, "migrations/0001_initial.down.sql": `DROP TABLE "np_users";\n` }

test("a database knows which environment it is, whatever --env says", async () => {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  const url = await (await startServer(18)).database()
  const name = url.split("/").at(-1)!
  const type = async (args: string): Promise<string> => (await nself(dir, args, { env: { DATABASE_URL: url } })).replaceAll(name, "app").replace(/since \S+?\)/g, "since 2026-05-01)")
  expect(await type("db migrate up --env prod")).toContain("Applied 1 migration")
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    error: this database is marked prod (since 2026-05-01), and \`nself db migrate up\` was told that it is dev; nothing was changed

    hint: check --url and DATABASE_URL, or say --env prod; if the database has become another one: nself db mark --env dev
    --- exit 3"
  `)
  expect(await type("db migrate down --env staging")).toContain("is marked prod")
  expect(await type("db mark --env staging")).toMatchInlineSnapshot(`
    "$ nself db mark --env staging
    --- stderr
    error: say which database is meant: postgres@127.0.0.1:5432/app

    hint: nself db mark --env staging --database app
    --- exit 2"
  `)
  expect(await type("db mark --env staging --database other")).toContain("this database is not called other")
  expect(await type("db mark --env staging --database app".replace("app", name))).toMatchInlineSnapshot(`
    "$ nself db mark --env staging --database app
    --- stdout
    postgres@127.0.0.1:5432/app is marked staging now (it was prod).
    --- exit 0"
  `)
  expect(await type("db migrate up --env staging")).toContain("Nothing to do")
})

test("a database of another project is not touched", async () => {
  const journal = (id: string) => ({ "migrations/meta/_journal.json": JSON.stringify({ project: id, entries: [{ tag: "0001_initial" }] }) })
  const [one, two] = [await project({ ...FILES, ...journal("one") }), await project({ ...journal("two"), "migrations/0001_initial.sql": `CREATE TABLE "other" ("id" int);\n` })]
  removes.push(one.remove, two.remove)
  const url = await (await startServer(18)).database()
  const env = { DATABASE_URL: url }
  await nself(one.dir, "db migrate up", { env })
  expect(await nself(two.dir, "db migrate up", { env })).toContain("this database belongs to another project")
  expect(await ask<object>(url, "select to_regclass('public.other') as other")).toEqual([{ other: null }])
})
