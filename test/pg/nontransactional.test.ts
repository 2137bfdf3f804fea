import { describe, expect, test } from "bun:test"
import { Fault } from "../../src/core/fault.ts"
import { splitStatements } from "../../src/core/statements.ts"
import { readLedger } from "../../src/pg/ledger.ts"
import { openMigrator } from "../../src/pg/migrator.ts"
import { ask, migration, opened, step } from "../support/migrating.ts"
import { startServer } from "../support/server.ts"

const valid = "select c.relname::text as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'idx%' order by 1"

describe.each([15, 18] as const)("PostgreSQL %i", major => {
  const fresh = async (): Promise<string> => (await startServer(major)).database()

  test("a file with CONCURRENTLY runs statement by statement, up and down", async () => {
    const url = await fresh()
    const database = await opened(url)
    const migrator = openMigrator(database, splitStatements)
    const one = migration(1, "create table a (id int);\ncreate index concurrently idx_a on a (id);\ncreate unique index concurrently idx_b on a (id);", "drop index concurrently idx_b;\ndrop index concurrently idx_a;\ndrop table a;")
    expect(await migrator.apply(step(one))).toMatchObject({ kind: "applied" })
    expect(await ask<object>(url, valid)).toEqual([{ name: "idx_a", valid: true }, { name: "idx_b", valid: true }])
    const session = await database.session()
    expect(await readLedger(session, "public")).toMatchObject([{ state: "applied", statementNo: null }])
    expect(await migrator.apply(step(one, { direction: "down" }))).toMatchObject({ kind: "applied" })
    expect(await readLedger(session, "public")).toEqual([])
    expect(await ask<object>(url, valid)).toEqual([])
    await database.close()
  })

  test("it stops with the place and the reason, cleans its INVALID index, and goes on there", async () => {
    const url = await fresh()
    const database = await opened(url)
    const migrator = openMigrator(database, splitStatements)
    const one = migration(1, "create table a (id int);\ninsert into a values (1), (1);\n\ncreate unique index concurrently idx_a on a (id);\ncreate table b (id int);")
    const fault = await migrator.apply(step(one)).then(() => null, (error: unknown) => error)
    expect(fault).toBeInstanceOf(Fault)
    expect((fault as Fault).message).toStartWith("migrations/0001_test.sql:4:1: could not create unique index")
    expect((fault as Fault).message).toContain("The 2 statements before it are applied; the next run goes on here.")
    expect(await ask<object>(url, valid)).toEqual([])
    const session = await database.session()
    expect(await readLedger(session, "public")).toMatchObject([{ state: "failed", statementNo: 2 }])
    await ask(url, "delete from a where ctid = (select min(ctid) from a)")
    expect(await migrator.apply(step(one))).toMatchObject({ kind: "applied" })
    expect(await ask<object>(url, valid)).toEqual([{ name: "idx_a", valid: true }])
    expect(await ask<object>(url, "select count(*)::int as n from a")).toEqual([{ n: 1 }])
    await database.close()
  })

  test("a failure of any length is noted, in a ledger that has no TOAST table where PostgreSQL can do without", async () => {
    const url = await fresh()
    const database = await opened(url)
    const long = migration(1, "create table a (id int);\ncreate index concurrently idx_a on a (id);\ndo $$ begin raise exception '%', repeat(chr(128512), 200000); end $$;")
    expect(await openMigrator(database, splitStatements).apply(step(long)).then(() => null, (error: unknown) => error)).toBeInstanceOf(Fault)
    expect(await ask<object>(url, "select state, statement_no, left(error, 1) = chr(128512) as said from np_migrations")).toEqual([{ state: "failed", statement_no: 2, said: true }])
    expect(await ask<object>(url, "select reltoastrelid = 0 as lean from pg_class where oid = 'np_migrations'::regclass")).toEqual([{ lean: major >= 16 }])
    await database.close()
  })

  test.each(["create unique index concurrently idx_a on a (id);", "create unique index concurrently if not exists idx_a on a (id);"])(
    "an INVALID index left behind is built again, never taken for done: %s", async text => {
      const url = await fresh()
      const database = await opened(url)
      await ask(url, "create table a (id int); insert into a values (1), (1)")
      await ask(url, "create unique index concurrently idx_a on a (id)").catch(() => {})
      expect(await ask<object>(url, valid)).toEqual([{ name: "idx_a", valid: false }])
      await ask(url, "delete from a where ctid = (select min(ctid) from a)")
      expect(await openMigrator(database, splitStatements).apply(step(migration(1, text)))).toMatchObject({ kind: "applied" })
      expect(await ask<object>(url, valid)).toEqual([{ name: "idx_a", valid: true }])
      await database.close()
    })

  test("a second runner waits for the first one's CONCURRENTLY without a hang", async () => {
    const url = await fresh()
    const database = await opened(url)
    await ask(url, "create table a as select g as id from generate_series(1, 50000) g")
    const one = migration(1, "create index concurrently idx_a on a (id);\ncreate table once (n int);")
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => openMigrator(database, splitStatements).apply(step(one))))
    expect(outcomes.map(outcome => outcome.kind).toSorted()).toEqual(["already", "already", "already", "applied"])
    await database.close()
  })
})
