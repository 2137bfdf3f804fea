import { Client } from "pg"
import { describe, expect, test } from "bun:test"
import { Fault } from "../../src/core/fault.ts"
import { splitStatements } from "../../src/core/statements.ts"
import { ensureLedger, readLedger } from "../../src/pg/ledger.ts"
import { openMigrator } from "../../src/pg/migrator.ts"
import { ask, eventually, migration, open, opened, step } from "../support/migrating.ts"
import { admin, startServer } from "../support/server.ts"

const fast = { lockWaitMs: 20_000, retryForMs: 20_000 }
const caught = async (work: Promise<unknown>): Promise<Fault> => {
  const error = await work.then(() => null, (thrown: unknown) => thrown)
  if (error instanceof Fault) return error
  throw error ?? new Error("nothing was thrown")
}

describe.each([15, 18] as const)("PostgreSQL %i", major => {
  const fresh = async (): Promise<string> => (await startServer(major)).database()

  test("a migration and its row commit together, and are taken back together", async () => {
    const url = await fresh()
    const database = await opened(url)
    const migrator = openMigrator(database, splitStatements, fast)
    const one = migration(1, "create table a (id int);\ninsert into a values (1);", "drop table a;")
    expect(await migrator.apply(step(one))).toMatchObject({ kind: "applied" })
    const session = await database.session()
    expect(await readLedger(session, "public")).toMatchObject([{ seq: 1, name: "0001_test", sha256: one.up.sha256, state: "applied", statementNo: null }])
    expect(await migrator.apply(step(one))).toEqual({ kind: "already" })
    expect(await migrator.apply(step(one, { direction: "down" }))).toMatchObject({ kind: "applied" })
    expect(await readLedger(session, "public")).toEqual([])
    expect(await ask<object>(url, "select to_regclass('public.a') as a")).toEqual([{ a: null }])
    await database.close()
  })

  test("twenty create the ledger at once", async () => {
    const database = await open(await fresh())
    const sessions = await Promise.all(Array.from({ length: 20 }, () => database.session()))
    expect(await readLedger(sessions[0]!, "public")).toBeNull()
    await Promise.all(sessions.map(session => ensureLedger(session, "public")))
    expect(await readLedger(sessions[0]!, "public")).toEqual([])
    await database.close()
  })

  test("eight runners at once apply a migration exactly once", async () => {
    const url = await fresh()
    const database = await opened(url)
    const one = migration(1, "create table if not exists counter (n int);\ninsert into counter values (1);\nselect pg_sleep(0.1);")
    const outcomes = await Promise.all(Array.from({ length: 8 }, async () => {
      const migrator = openMigrator(database, splitStatements, fast)
      return await migrator.apply(step(one)).finally(() => migrator.close())
    }))
    expect(outcomes.map(outcome => outcome.kind).toSorted()).toEqual(["already", "already", "already", "already", "already", "already", "already", "applied"])
    expect(await ask<object>(url, "select count(*)::int as n from counter")).toEqual([{ n: 1 }])
    await database.close()
  })

  test("a runner killed with -9 in the middle of a migration leaves nothing", async () => {
    const url = await fresh()
    const database = await opened(url)
    const child = Bun.spawn([process.execPath, `${import.meta.dir}/../support/apply-once.ts`, url, "create table half (id int);\nselect pg_sleep(30);"], { stdout: "ignore", stderr: "inherit" })
    await eventually(async () => (await ask(url, "select from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()")).length > 0)
    child.kill("SIGKILL")
    await child.exited
    await eventually(async () => (await ask(url, "select from pg_locks where locktype = 'advisory'")).length === 0)
    const session = await database.session()
    expect(await readLedger(session, "public")).toEqual([])
    expect(await ask<object>(url, "select to_regclass('public.half') as half")).toEqual([{ half: null }])
    await database.close()
  })

  test("an SQL error shows file, line, column, caret and PostgreSQL's words, and leaves nothing", async () => {
    const url = await fresh()
    const database = await opened(url)
    const migrator = openMigrator(database, splitStatements, fast)
    const fault = await caught(migrator.apply(step(migration(1, "create table a (id int);\n\ncreate table b (id uuidd);"))))
    expect(fault.exit).toBe("failed")
    expect(fault.message).toBe([
      `migrations/0001_test.sql:3:20: type "uuidd" does not exist`,
      "3 | create table b (id uuidd);",
      "  |                    ^",
      "SQLSTATE 42704. Nothing of this file was applied; the database is as it was.",
    ].join("\n"))
    const late = await caught(migrator.apply(step(migration(1, "create table a (id int primary key);\ninsert into a values (1);\ninsert into a\n values (1);"))))
    expect(late.message).toStartWith("migrations/0001_test.sql:3:1: duplicate key")
    expect(late.message).toContain("detail: Key (id)=(1) already exists.")
    expect(await ask<object>(url, "select to_regclass('public.a') as a")).toEqual([{ a: null }])
    await database.close()
  })

  test("a deferred constraint that fails at COMMIT is a fault of the file", async () => {
    const database = await opened(await fresh())
    const migrator = openMigrator(database, splitStatements, fast)
    const fault = await caught(migrator.apply(step(migration(1,
      "create table a (id int primary key);\ncreate table b (a int references a deferrable initially deferred);\ninsert into b values (1);"))))
    expect(fault.message).toContain("at COMMIT")
    await database.close()
  })

  test.each(["create table a (id int);\ncommit;\ncreate table b (id int);", "create table a (id int);\nrollback;\ncreate table b (id int);", "commit;\nbegin;\ncreate table b (id int);"])(
    "a file that ends the transaction itself is refused: %j", async text => {
      const database = await opened(await fresh())
      const migrator = openMigrator(database, splitStatements, fast)
      const fault = await caught(migrator.apply(step(migration(1, text))))
      expect(fault.message).toContain("ended nself's transaction itself")
      expect(await readLedger(await database.session(), "public")).toMatchObject([{ seq: 1, state: "failed" }])
      await database.close()
    })

  test("what a file sets does not leak into the next one, and a role's settings do not kill it", async () => {
    const server = await startServer(major)
    const url = await server.database()
    const role = `limited${Date.now()}`
    await admin(server.url, `create role ${role} superuser login password 'x'; alter role ${role} set statement_timeout = '50ms'; alter role ${role} set default_transaction_isolation = 'serializable'`)
    const database = await opened(url.replace("postgres@", `${role}:x@`))
    const migrator = openMigrator(database, splitStatements, fast)
    await migrator.apply(step(migration(1, "select set_config('search_path', '', false);\nset role postgres;\ncreate temp table t (id int);\nselect pg_sleep(0.2);")))
    await migrator.apply(step(migration(2, "create table t (id int);")))
    expect(await ask<object>(url, `select tableowner = '${role}' as own from pg_tables where schemaname = 'public' and tablename = 't'`)).toEqual([{ own: true }])
    await database.close()
  })

  test("a lock time-out is tried again until the blocker is gone", async () => {
    const url = await fresh()
    const database = await opened(url)
    await ask(url, "create table busy (id int)")
    const holder = new Client({ connectionString: url, application_name: "the app" })
    await holder.connect()
    await holder.query("begin; select * from busy")
    const said: string[] = []
    const migrator = openMigrator(database, splitStatements, { ...fast, waiting: line => { said.push(line); void holder.end() } })
    expect(await migrator.apply(step(migration(1, "alter table busy add column x int;")))).toMatchObject({ kind: "applied" })
    expect(said[0]).toContain("lock timeout")
    await database.close()
  })

  test("a lock that is never freed ends as `locked` and names the holder", async () => {
    const url = await fresh()
    const database = await opened(url)
    await ask(url, "create table busy (id int)")
    const holder = new Client({ connectionString: url, application_name: "the app" })
    await holder.connect()
    await holder.query("begin; select * from busy where 'secret' <> ''")
    const fault = await caught(openMigrator(database, splitStatements, { ...fast, retryForMs: 700 }).apply(step(migration(1, "alter table busy add column x int;"))))
    expect(fault.exit).toBe("locked")
    expect(fault.message).toContain("the app")
    expect(fault.message).not.toContain("secret")
    await holder.query("select pg_advisory_xact_lock(hashtextextended('nself:v1:' || current_database() || ':public', 0))")
    const held = await caught(openMigrator(database, splitStatements, { ...fast, lockWaitMs: 100 }).apply(step(migration(1, "alter table busy add column x int;"))))
    expect(held.exit).toBe("locked")
    expect(held.message).toContain("the app")
    await holder.end()
    await database.close()
  })

  test("a lost connection is followed by a look at the ledger and another try", async () => {
    const url = await fresh()
    const database = await opened(url)
    const migrator = openMigrator(database, splitStatements, fast)
    const running = migrator.apply(step(migration(1, "create table if not exists once (n int);\nselect pg_sleep(0.7);\ninsert into once values (1);")))
    const victim = await eventually(async () => (await ask<{ pid: number }>(url, "select pid from pg_stat_activity where query like '%pg_sleep(0.7)%' and state = 'active' and pid <> pg_backend_pid()"))[0])
    await ask(url, `select pg_terminate_backend(${victim.pid})`)
    expect(await running).toMatchObject({ kind: "applied" })
    expect(await ask<object>(url, "select count(*)::int as n from once")).toEqual([{ n: 1 }])
    await database.close()
  })

  test("an interruption cancels and rolls back", async () => {
    const url = await fresh()
    const database = await opened(url)
    const stop = new AbortController()
    const running = caught(openMigrator(database, splitStatements, { ...fast, signal: stop.signal }).apply(step(migration(1, "create table a (id int);\nselect pg_sleep(30);"))))
    await eventually(async () => (await ask(url, "select from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()")).length > 0)
    stop.abort()
    expect((await running).exit).toBe("interrupted")
    expect(await readLedger(await database.session(), "public")).toEqual([])
    await database.close()
  })

  test("a schema that is not there is never replaced by another one", async () => {
    const database = await opened(await fresh())
    const session = await database.session()
    expect((await caught(ensureLedger(session, "acmee"))).message).toContain(`schema "acmee" does not exist`)
    await database.close()
  })

  test("a role without the right to create is told which right is missing", async () => {
    const server = await startServer(major)
    const url = await server.database()
    const role = `poor${Date.now()}`
    await admin(url, `create role ${role} login password 'x'; revoke create on schema public from public`)
    const database = await open(url.replace("postgres@", `${role}:x@`))
    const fault = await caught(ensureLedger(await database.session(), "public"))
    expect(fault.message).toContain(`role '${role}' may not create tables in schema "public"`)
    expect(fault.hint).toContain(`GRANT USAGE, CREATE ON SCHEMA "public" TO "${role}"`)
    await database.close()
  })
})
