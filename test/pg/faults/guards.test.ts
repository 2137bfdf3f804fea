/** FAULTS.md, section 5: what is refused so that nobody loses data, and what many do at once in one folder. */
import { describe, expect, test } from "bun:test"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { onTerminal } from "../../support/terminal.ts"
import { ledger, site } from "../../support/site.ts"

const FILES = {
  "0001_a.sql": "CREATE TABLE np_users (id int, email text);\nINSERT INTO np_users VALUES (1, 'a'), (2, NULL), (3, 'c');\n", "0001_a.down.sql": "DROP TABLE np_users;\n",
  "0002_b.sql": "ALTER TABLE np_users ADD COLUMN name text DEFAULT 'x';\nCREATE TABLE np_notes AS SELECT generate_series(1, 1200) AS n;\n", "0002_b.down.sql": "ALTER TABLE np_users DROP COLUMN name;\nDROP TABLE np_notes;\n",
}
const SCHEMA = { "schema.ts": `import { integer, pgTable, text } from "drizzle-orm/pg-core"\nexport const users = pgTable("np_users", { id: integer("id"), mail: text("mail") })\n`, "seeds/001_a.sql": "INSERT INTO np_users (id) VALUES (9);\n", "drizzle.config.json": `{"dialect":"postgresql","schema":"./schema.ts","out":"./migrations"}` }

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("#66 reset, push, mock, seed --truncate on prod: refused by the mark in the database, even with a wrong --env; nothing is touched", async () => {
    await using at = await site(major, { ...FILES, ...SCHEMA })
    await at.run("db migrate up --env prod")
    const before = await at.ask("select (select count(*)::int from np_users) as users, (select count(*)::int from np_notes) as notes")
    for (const env of ["--env dev", "--env test", "", "--env prod", "--env staging"]) {
      for (const command of ["db migrate reset --yes", "db migrate push --yes", "db mock --table np_users --count 3 --truncate --yes", "db seed --truncate --yes"]) {
        const { exit, stderr } = await at.run(`${command} ${env}`.trim())
        expect([command, env, exit, stderr]).toEqual([command, env, 3, expect.stringMatching(/marked prod|for dev only/)])
      }
    }
    for (const command of ["db migrate up", "db migrate down --allow-data-loss", "db migrate up --env staging"]) expect((await at.run(command)).exit, command).toBe(3)
    expect(await at.ask("select (select count(*)::int from np_users) as users, (select count(*)::int from np_notes) as notes")).toEqual(before)
  }, 120_000)

  test("#68 without a terminal nothing waits for an answer", async () => {
    await using at = await site(major, { ...FILES, ...SCHEMA })
    await at.run("db migrate up")
    for (const command of ["db migrate reset", "db migrate push", "db mock --table np_users --count 3 --truncate", "db seed --truncate", "db migrate generate --name x"]) {
      const started = performance.now()
      const { exit, stdout, stderr } = await at.run(command)
      expect(exit, `${command}\n${stdout}\n${stderr}`).toBeGreaterThan(0)
      expect(performance.now() - started).toBeLessThan(30_000)
    }
    expect(await at.ask("select count(*)::int as n from np_users")).toEqual([{ n: 3 }])
  }, 120_000)

  test.each(["staging", "prod"])("#69 down in %s: what is lost, with counts; the permission and the database's name are wanted", async env => {
    await using at = await site(major, FILES)
    const name = at.url.split("/").at(-1)!
    await at.run(`db migrate up --env ${env}`)
    const down = (more = "") => at.run(`db migrate down --env ${env} ${more}`.trim())
    const refused = await down()
    expect(refused.exit).toBe(3)
    expect(refused.stderr).toContain(`rolling back 0002_b in ${env} loses data:\n  column np_users.name: 3 values\n  table np_notes: 1,200 rows\n`)
    expect(refused.stderr).toContain(`nself db migrate down --env ${env} --allow-data-loss --database ${name}`)
    expect((await down("--allow-data-loss")).exit).toBe(3)
    expect((await down("--allow-data-loss --database other")).stderr).toContain("the database is not called other")
    expect((await down("--database " + name)).exit).toBe(3)
    expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
    expect((await down("--dry-run")).stderr).toContain("This would lose:\n  column np_users.name: 3 values")
    expect((await down(`--allow-data-loss --database ${name}`)).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied"])
  })

  test("#69 on a terminal the name is asked for", async () => {
    await using at = await site(major, FILES)
    const name = at.url.split("/").at(-1)!
    await at.write(".env.prod", `DATABASE_URL=${at.url}\n`)
    await at.run("db migrate up --env prod")
    const wrong = await onTerminal(at.dir, "db migrate down --env prod --allow-data-loss", [["Type the name of the database", "other\r"]])
    expect([wrong.exit, wrong.text]).toEqual([3, expect.stringContaining("table np_notes: 1,200 rows")])
    expect((await onTerminal(at.dir, "db migrate down --env prod --allow-data-loss", [["Type the name of the database", `${name}\r`]])).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied"])
  })

  test("#70 a down file that is missing: refused before anything is touched", async () => {
    await using at = await site(major, FILES)
    await at.run("db migrate up")
    await Bun.$`rm ${at.dir}/migrations/0001_a.down.sql`
    expect(await at.run("db migrate down --to 0")).toMatchObject({ exit: 3, stderr: expect.stringContaining("0001_a has no down file; nothing was rolled back") })
    expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
  })

  test("a plain index on a big table: warned of with the form to use, in prod refused without --allow-blocking", async () => {
    await using at = await site(major, { "0001_i.sql": `CREATE UNIQUE INDEX big_id\n  ON big (id);\n` })
    await at.ask("create table big (id int); update pg_class set reltuples = 2500000 where oid = 'big'::regclass")
    const warning = "warning: migrations/0001_i.sql:1: CREATE INDEX stops every write to big (about 2,500,000 rows) while it runs; this does not:\n  CREATE UNIQUE INDEX CONCURRENTLY big_id ON big (id);"
    expect(await at.run("db migrate up --dry-run")).toMatchObject({ exit: 0, stderr: expect.stringContaining(warning) })
    expect(await at.run("db migrate up --env prod")).toMatchObject({ exit: 3, stderr: expect.stringContaining("--allow-blocking") })
    expect(await at.run("db migrate up --env prod --allow-blocking")).toMatchObject({ exit: 0, stderr: expect.stringContaining(warning) })
    expect(await ledger(at)).toEqual(["1 applied"])
  })
})

test("#75 ten generate at once: numbers are unique, the journal is whole, and each that lost was told", async () => {
  await using at = await site(18, { ...SCHEMA, "migrations/meta/_journal.json": `{"version":"7","dialect":"postgresql","entries":[]}` })
  const ends = await Promise.all(Array.from({ length: 10 }, (_, i) => at.start(`db migrate generate --custom --name n${i}`).end))
  expect(ends.filter(end => ![0, 6].includes(end.exit))).toEqual([])
  const journal = JSON.parse(await readFile(join(at.dir, "migrations/meta/_journal.json"), "utf8")) as { entries: { tag: string }[] }
  const files = (await readdir(join(at.dir, "migrations"))).filter(name => /^\d+_\w+\.sql$/.test(name)).toSorted()
  expect(journal.entries.map(entry => `${entry.tag}.sql`).toSorted()).toEqual(files)
  expect(new Set(files.map(name => name.slice(0, 4))).size).toBe(files.length)
  expect(files.length).toBe(ends.filter(end => end.exit === 0).length)
}, 120_000)

test("#76 kill -9 while files are written: the journal is old or new, never half (bun run chaos:files kills 200)", async () => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "../../../scripts/chaos/files.ts"), "--rounds", "24", "--quick"], { stdout: "pipe", stderr: "inherit" })
  expect(await new Response(child.stdout).text()).toContain("24 of 24 whole")
  expect(await child.exited).toBe(0)
}, 120_000)
