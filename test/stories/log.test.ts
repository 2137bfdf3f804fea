import { afterAll, describe, expect, test } from "bun:test"
import { inspect } from "../../src/kinds/inspect.ts"
import { ask, open } from "../support/migrating.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer } from "../support/server.ts"

const removes: (() => Promise<void>)[] = []
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "migrations/0001_initial.sql": `CREATE TABLE "np_users" ("id" int);\n`,
  "migrations/0001_initial.down.sql": `DROP TABLE "np_users";\n`,
  "migrations/0002_role.sql": `CREATE ROLE "r" PASSWORD 'hush-hush' NOSUCHOPTION;\n`,
}

describe.each([15, 18] as const)("PostgreSQL %i", major => {
  test("every change is written down, with who did it; failures too; nothing of it can be changed", async () => {
    const { dir, remove } = await project(FILES)
    removes.push(remove)
    const url = await (await startServer(major)).database()
    const env = { DATABASE_URL: url, GITHUB_SERVER_URL: "https://git.example", GITHUB_REPOSITORY: "a/b", GITHUB_RUN_ID: "7", GITHUB_SHA: "c0ffee".repeat(6) + "c0ff" }
    expect(await nself(dir, "db migrate log", { env })).toContain("Nothing was written down yet")
    await nself(dir, "db migrate up", { env })
    await nself(dir, "db migrate down", { env })
    const said = (await nself(dir, "db migrate log", { env })).replace(/\S+@\S+,/g, "anna@laptop,").replace(/run \w{8}/g, "run 12345678")
    if (major === 18) expect(said).toMatchInlineSnapshot(`
      "$ nself db migrate log
      --- stdout
      2026-05-01 10:00:00  down 0001_initial  done
        role postgres, anna@laptop, https://git.example/a/b/actions/runs/7, commit c0ffeec0ff, nself 0.1.0, run 12345678
        sha256:aa1d26cc82a6 -> none

      2026-05-01 10:00:00  up 0002_role  failed
        role postgres, anna@laptop, https://git.example/a/b/actions/runs/7, commit c0ffeec0ff, nself 0.1.0, run 12345678
        none -> sha256:92cef92eda5c
        migrations/0002_role.sql:1:38: unrecognized role option "nosuchoption"

      2026-05-01 10:00:00  up 0001_initial  done
        role postgres, anna@laptop, https://git.example/a/b/actions/runs/7, commit c0ffeec0ff, nself 0.1.0, run 12345678
        none -> sha256:aa1d26cc82a6
      --- exit 0"
    `)
    const rows = JSON.parse((await runNself(dir, "db migrate log --json", { env })).stdout).data.entries
    expect(rows).toMatchObject([
      { action: "down", name: "0001_initial", result: "done", after: null },
      { action: "up", name: "0002_role", result: "failed" },
      { action: "up", name: "0001_initial", result: "done", before: null, version: 1, ciRun: "https://git.example/a/b/actions/runs/7" },
    ])
    expect(JSON.stringify(rows)).not.toContain("hush")
    for (const sql of ["update np_migrations_audit set result = 'done'", "delete from np_migrations_audit", "truncate np_migrations_audit"]) {
      await expect(ask(url, sql)).rejects.toThrow("np_migrations_audit is append-only")
    }
  })

  test("the tables of the book-keeping are no part of the application's schema", async () => {
    const { dir, remove } = await project({ "migrations/0001_a.sql": "SELECT 1;\n" })
    removes.push(remove)
    const url = await (await startServer(major)).database()
    await nself(dir, "db migrate up", { env: { DATABASE_URL: url } })
    const database = await open(url)
    const session = await database.session()
    expect([...(await inspect(session.query)).objects.keys()].filter(id => id.includes("np_migrations"))).toEqual([])
    await database.close()
  })
})
