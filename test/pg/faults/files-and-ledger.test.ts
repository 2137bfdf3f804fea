/** FAULTS.md, section 5: files, numbers and the ledger itself, changed by people. */
import { describe, expect, test } from "bun:test"
import { chmod, mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ledger, site, type Site } from "../../support/site.ts"

const THREE = {
  "0001_a.sql": "CREATE TABLE a (n int);\n", "0001_a.down.sql": "DROP TABLE a;\n",
  "0002_b.sql": "CREATE TABLE b (n int);\n", "0002_b.down.sql": "DROP TABLE b;\n",
  "0003_c.sql": "CREATE TABLE c (n int);\n", "0003_c.down.sql": "DROP TABLE c;\n",
}
const journal = (...tags: string[]): string => JSON.stringify({ entries: tags.map(tag => ({ tag })) })
const JOURNAL = "migrations/meta/_journal.json"
const said = async (at: Site, args: string): Promise<[number, string]> => {
  const { exit, stdout, stderr } = await at.run(args)
  return [exit, stdout + stderr]
}

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("#31 a deploy with an older set of files: refused by name", async () => {
    await using at = await site(major, THREE)
    await at.run("db migrate up")
    await Bun.$`rm ${at.dir}/migrations/0003_c.sql ${at.dir}/migrations/0003_c.down.sql`
    await at.write(JOURNAL, journal("0001_a", "0002_b"))
    expect(await said(at, "db migrate up")).toEqual([3, expect.stringContaining("applied that are not in this folder: 0003_c")])
    expect((await at.run("db migrate verify-checksums")).exit).toBe(4)
  })

  test("#32 a file merged late: refused with the number to take, or applied on request; never skipped", async () => {
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"], "0003_c.sql": THREE["0003_c.sql"] })
    await at.run("db migrate up")
    await at.write("migrations/0002_b.sql", THREE["0002_b.sql"])
    await at.write(JOURNAL, journal("0001_a", "0002_b", "0003_c"))
    expect(await said(at, "db migrate up")).toEqual([6, expect.stringContaining("nself db migrate renumber 0002_b.sql --to 0004")])
    expect((await at.run("db migrate status")).stdout).toContain("not yet applied, older than the last applied migration")
    expect((await at.run("db migrate up --out-of-order")).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied", "2 applied", "3 applied"])
  })

  test("#33 the same number twice: up and status --check-conflicts refuse", async () => {
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"], "0001_other.sql": THREE["0002_b.sql"] })
    expect(await said(at, "db migrate up")).toEqual([6, expect.stringContaining("two migrations carry number 0001: 0001_a.sql, 0001_other.sql")])
    expect((await at.run("db migrate status --check-conflicts")).exit).toBe(6)
  })

  test("#34 an applied file was edited: exit 4, by name", async () => {
    await using at = await site(major, THREE)
    await at.run("db migrate up --to 0002")
    await at.write("migrations/0002_b.sql", "CREATE TABLE b (n bigint);\n")
    expect(await said(at, "db migrate up")).toEqual([4, expect.stringContaining("migrations/0002_b.sql was altered after it was applied")])
    expect(await said(at, "db migrate verify-checksums")).toEqual([4, expect.stringContaining("0002_b")])
    expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
  })

  test("#35 CRLF and a BOM are the same text; a real change is still caught", async () => {
    await using at = await site(major, THREE)
    await at.run("db migrate up --to 0002")
    await at.write("migrations/0002_b.sql", `\uFEFF${THREE["0002_b.sql"].replaceAll("\n", "\r\n")}`)
    expect((await at.run("db migrate verify-checksums")).exit).toBe(0)
    expect((await at.run("db migrate up")).exit).toBe(0)
    await at.write("migrations/0002_b.sql", `${THREE["0002_b.sql"]} `)
    expect((await at.run("db migrate verify-checksums")).exit).toBe(4)
  })

  test("#36 a file that is exchanged while nself runs: the bytes that were hashed are the bytes that ran", async () => {
    const texts = ["CREATE TABLE which AS SELECT 1 AS n;\n", "CREATE TABLE which AS SELECT 2 AS n;\n"] as const
    for (let round = 0; round < 4; round++) {
      await using at = await site(major, { "0001_w.sql": texts[0] })
      const run = at.start("db migrate up")
      let running = true
      const swapper = (async () => {
        for (let i = 0; running; i++, await Bun.sleep(1)) await at.write("migrations/0001_w.sql", texts[i % 2]!)
      })()
      await run.end
      running = false
      await swapper
      const [row] = await at.ask<{ sum: string; n: number }>("select checksum as sum, n from np_migrations, which")
      expect(row!.sum).toBe(new Bun.CryptoHasher("sha256").update(texts[row!.n - 1]!).digest("hex"))
    }
  })

  test("#37 the ledger itself was edited: each way is told apart, and nothing is applied again", async () => {
    const deed = async (sql: string, expected: string, keeps = 3): Promise<void> => {
      await using at = await site(major, THREE)
      await at.run("db migrate up")
      await at.ask(sql)
      for (const command of ["db migrate up", "db migrate down", "db migrate status", "db migrate verify-checksums"]) {
        const [exit, text] = await said(at, command)
        expect([command, exit, text]).toEqual([command, 4, expect.stringContaining(expected)])
        expect(text).not.toMatch(/reset/)
      }
      if (keeps >= 0) expect((await ledger(at)).length).toBe(keeps)
      expect((await at.run("db migrate log --limit 1")).stdout).toContain("0003_c  done")
    }
    await deed("delete from np_migrations where version = 2", "the row of 0002_b was taken out of the ledger np_migrations", 2)
    await deed("delete from np_migrations where version = 3", "the row of 0003_c was taken out of the ledger np_migrations", 2)
    await deed("update np_migrations set checksum = repeat('0', 64) where version = 2", "the row of 0002 in the ledger np_migrations was edited by hand: it says sha256:000000000000")
    await deed("update np_migrations set name = '0002_x' where version = 2", "the row of 0002 in the ledger np_migrations was edited by hand: it is called 0002_x")
    await deed("delete from np_migrations", "the ledger np_migrations is empty, though 3 migrations were applied, up to 0003_c", 0)
    await deed("drop table np_migrations", "the ledger np_migrations is gone, though 3 migrations were applied, up to 0003_c", -1)
  }, 120_000)

  test("#38 a database that drizzle's migrator has filled: nothing is applied over it without a word", async () => {
    await using at = await site(major, { "0000_a.sql": THREE["0001_a.sql"], "0001_b.sql": THREE["0002_b.sql"] })
    await at.ask(`create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint); create table a (n int);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 1)`)
    const { exit, stderr } = await at.run("db migrate up")
    expect(exit).not.toBe(0)
    expect(stderr).toMatch(/adopt|already exists/)
    expect(await at.ask("select to_regclass('b') as b")).toEqual([{ b: null }])
  })

  test("#39 a clock that is wrong: order comes from numbers, times from the server", async () => {
    const later = Date.now() + 400 * 86_400_000
    await using at = await site(major, { ...THREE, [JOURNAL]: JSON.stringify({ entries: [{ tag: "0001_a", when: later }, { tag: "0002_b", when: 5 }, { tag: "0003_c", when: 1 }] }) })
    expect((await at.run("db migrate up --to 0001")).exit).toBe(0)
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied", "2 applied", "3 applied"])
    expect(await at.ask("select bool_and(abs(extract(epoch from finished_at - now())) < 60) as near from np_migrations")).toEqual([{ near: true }])
  })

  test("#46 a tenant's name that was mistyped: exit 2, and nothing was made anywhere", async () => {
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"] })
    expect(await at.run("db tenant create acme")).toMatchObject({ exit: 0 })
    expect(await at.run("db migrate up --tenant acmee")).toMatchObject({ exit: 2, stderr: expect.stringContaining("acmee") })
    expect(await at.ask("select count(*)::int as n from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname = 'a' and n.nspname = 'public'")).toEqual([{ n: 0 }])
  })

  test("#47 a tenant lacks a table that public has: its migration fails, public is untouched", async () => {
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"] })
    await at.run("db tenant create acme")
    const [tenant] = await at.ask<{ schema: string }>("select n.nspname::text as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname = 'a'")
    await at.ask(`drop table "${tenant!.schema}".a; create table public.a (n int)`)
    await at.write("migrations/0002_x.sql", "ALTER TABLE a ADD COLUMN x int;\n")
    await at.write(JOURNAL, journal("0001_a", "0002_x"))
    const { exit, stdout, stderr } = await at.run("db migrate up --tenant acme")
    expect([exit > 0, stdout + stderr]).toEqual([true, expect.stringContaining('relation "a" does not exist')])
    expect(await at.ask("select attname::text as c from pg_attribute where attrelid = 'public.a'::regclass and attnum > 0")).toEqual([{ c: "n" }])
  })

  test("#53 hostile names are quoted or refused, never run", async () => {
    const name = `a"; drop schema public cascade; --`
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"] })
    await at.run("db migrate up")
    for (const args of [["db", "migrate", "up", "--tenant", name], ["db", "migrate", "up", "--to", name], ["db", "migrate", "log", "--migration", name], ["db", "mark", "--database", name], ["db", "migrate", "up", "--env", name]]) {
      expect((await at.run(args)).exit, args.join(" ")).toBe(2)
    }
    expect(await at.ask("select to_regclass('a')::text as a")).toEqual([{ a: "a" }])
  })

  test("#54 an identifier over 63 bytes is refused before any SQL", async () => {
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"] })
    expect((await at.run(["db", "migrate", "up", "--tenant", "t".repeat(70)])).exit).toBe(2)
    const { exit, stderr } = await at.run(["db", "tenant", "create", "t".repeat(70)])
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/long|63/)])
    expect(await at.ask("select count(*)::int as n from pg_namespace where nspname like 'tt%'")).toEqual([{ n: 0 }])
  })

  test("#55 paths that lead out of the project are refused", async () => {
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"], [JOURNAL]: JSON.stringify({ entries: [{ tag: "../../x" }] }) })
    expect(await said(at, "db migrate up")).toEqual([1, expect.stringContaining("which is no migration name")])
    expect((await at.run(["db", "migrate", "generate", "--custom", "--name", "../x"])).exit).toBe(2)
    expect((await at.run(["db", "seed", "--file", "../../etc/passwd"])).exit).toBeGreaterThan(0)
    expect((await at.run(["db", "migrate", "up", "--env", "../../etc/passwd"])).exit).toBe(2)
  })

  test("#56 a link out of the project among the migrations is refused, one inside is read", async () => {
    await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"], "shared/b.sql": THREE["0002_b.sql"] })
    await symlink("/etc/passwd", join(at.dir, "migrations/0002_b.sql"))
    await at.write(JOURNAL, journal("0001_a", "0002_b"))
    const [exit, text] = await said(at, "db migrate up")
    expect([exit, text]).toEqual([3, expect.stringContaining("migrations/0002_b.sql is a link to a file outside the project")])
    expect(text).not.toContain("root:")
    await Bun.$`rm ${at.dir}/migrations/0002_b.sql`
    await symlink("../shared/b.sql", join(at.dir, "migrations/0002_b.sql"))
    expect((await at.run("db migrate up")).exit).toBe(0)
  })

  test("#72 a huge file, a NUL, bytes that are no UTF-8: refused by name, nothing runs", async () => {
    for (const [bytes, words] of [[new Uint8Array(65 * 1024 * 1024).fill(32), "larger than 64 MB"], [Buffer.from("SELECT 1;\0"), "NUL byte at offset 9"], [Buffer.from([0x2d, 0x2d, 0xe9, 0x0a]), "not UTF-8"]] as const) {
      await using at = await site(major, { "0001_a.sql": THREE["0001_a.sql"], "0002_b.sql": bytes })
      expect(await said(at, "db migrate up")).toEqual([1, expect.stringContaining(words)])
      expect(await at.ask("select to_regclass('a') as a")).toEqual([{ a: null }])
    }
  })

  test("#74 a read-only folder, no HOME, any uid: up, status and verify work", async () => {
    await using at = await site(major, THREE)
    await chmod(at.dir, 0o755)
    await Bun.$`chmod -R a-w,a+rX ${at.dir}`
    const as = process.getuid?.() === 0 ? ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"] : []
    for (const command of ["db migrate up", "db migrate status", "db migrate verify-checksums", "db migrate log"]) {
      expect(await at.start(command, { HOME: "/nonexistent" }, as).end, command).toMatchObject({ exit: 0 })
    }
    await Bun.$`chmod -R u+w ${at.dir}`
    expect(await ledger(at)).toEqual(["1 applied", "2 applied", "3 applied"])
    await mkdir(at.dir, { recursive: true })
  })

  test("#78 a role that may not create: said before anything is changed, with the GRANT", async () => {
    await using at = await site(major, THREE)
    const role = `poor${major}_${Date.now()}`
    await at.ask(`create role ${role} login password 'x'; revoke create on schema public from public`)
    const env = { DATABASE_URL: at.url.replace("postgres@", `${role}:x@`) }
    expect(await at.run("db migrate up", env)).toMatchObject({ exit: 1, stderr: expect.stringContaining(`GRANT USAGE, CREATE ON SCHEMA "public" TO "${role}"`) })
    await at.run("db migrate up --to 0001")
    await at.ask(`grant select, insert, update, delete on np_migrations, np_migrations_meta, np_migrations_audit to ${role}`)
    expect(await at.run("db migrate up", env)).toMatchObject({ exit: 1, stderr: expect.stringContaining("permission denied for schema public") })
    expect(await ledger(at)).toEqual(["1 applied"])
  })
})
