/** FAULTS.md, sections 2 and 3: statements beside indexes that no transaction can hold, and where they are gone on with after a crash. */
import { afterAll, describe, expect, test } from "bun:test"
import { chown, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ask, eventually } from "../../support/migrating.ts"
import { IS_ROOT } from "../../support/needs.ts"
import { startProxy, through } from "../../support/proxy.ts"
import { startCluster } from "../../support/server.ts"
import { ledger, site, type Site } from "../../support/site.ts"

const folders: string[] = []
afterAll(async () => void (await Promise.all(folders.map(dir => rm(dir, { recursive: true, force: true })))))

/** An empty folder of the user that the servers run as. */
async function serversFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "nself-space-"))
  folders.push(dir)
  if (IS_ROOT) await chown(dir, 65534, 65534)
  return dir
}

const spaces = (at: Site, name: string) => at.ask<{ n: number }>(`select count(*)::int as n from pg_tablespace where spcname = '${name}'`).then(([row]) => row!.n)
const partitions = (at: Site) => at.ask<{ name: string; pending: boolean }>("select inhrelid::regclass::text as name, inhdetachpending as pending from pg_inherits where inhparent = 'events'::regclass order by 1")

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("#44 CREATE and DROP TABLESPACE run on their own, up and down, and the connection's end behind one of them is no obstacle", async () => {
    const name = `fast_${major}_${crypto.randomUUID().slice(0, 8)}`
    await using at = await site(major, {
      "0001_t.sql": `CREATE TABLE a (id int);\nCREATE TABLESPACE ${name} LOCATION '${await serversFolder()}';\nCREATE TABLE t (id int) TABLESPACE ${name};\n`,
      "0001_t.down.sql": `DROP TABLE t;\nDROP TABLESPACE ${name};\nDROP TABLE a;\n`,
    })
    await using proxy = await startProxy(Number(new URL(at.url).port), { cutAfter: "CREATE TABLESPACE" })
    expect(await at.run("db migrate up", { DATABASE_URL: through(at.url, proxy) })).toMatchObject({ exit: 0 })
    expect(proxy.rules.cutAfter).toBeUndefined()
    expect([await spaces(at, name), await ledger(at), await at.ask("select s.spcname::text as name from pg_class c join pg_tablespace s on s.oid = c.reltablespace where c.relname = 't'")]).toEqual([1, ["1 applied"], [{ name }]])
    proxy.rules.cutAfter = "DROP TABLESPACE"
    expect(await at.run("db migrate down", { DATABASE_URL: through(at.url, proxy) })).toMatchObject({ exit: 0 })
    expect([await spaces(at, name), await ledger(at)]).toEqual([0, []])
  }, 60_000)

  test("#44 CREATE SUBSCRIPTION with its slot, ALTER … REFRESH and DROP SUBSCRIPTION run on their own; what a crash had done is not done twice", async () => {
    await using publisher = await startCluster(major, { wal_level: "logical" })
    await publisher.start()
    await ask(publisher.url, "create table shared (id int primary key); insert into shared values (1), (2); create publication pub for table shared")
    const slots = () => ask<{ name: string }>(publisher.url, "select slot_name::text as name from pg_replication_slots where slot_name like 'sub%' and not temporary")
    await using at = await site(major, {
      "0001_s.sql": `CREATE TABLE shared (id int PRIMARY KEY);\nCREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=${publisher.port} user=postgres dbname=postgres' PUBLICATION pub;\nCREATE TABLE late (id int PRIMARY KEY);\nALTER SUBSCRIPTION sub REFRESH PUBLICATION;\n`,
      "0001_s.down.sql": "DROP SUBSCRIPTION sub;\nDROP TABLE late;\nDROP TABLE shared;\n",
    })
    await using proxy = await startProxy(Number(new URL(at.url).port), { cutAfter: "CREATE SUBSCRIPTION" })
    expect(await at.run("db migrate up", { DATABASE_URL: through(at.url, proxy) })).toMatchObject({ exit: 0 })
    expect(proxy.rules.cutAfter).toBeUndefined()
    expect([await slots(), await ledger(at)]).toEqual([[{ name: "sub" }], ["1 applied"]])
    await eventually(async () => (await at.ask("select from shared")).length === 2)
    expect(await at.run("db migrate down")).toMatchObject({ exit: 0 })
    expect([await slots(), await ledger(at), await at.ask("select from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())")]).toEqual([[], [], []])
  }, 120_000)

  test("#44 DETACH PARTITION CONCURRENTLY that was killed half-way is ended with FINALIZE", async () => {
    await using at = await site(major, { "0001_d.sql": "ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY;\nCREATE TABLE after (id int);\n" })
    await at.ask("create table events (id int) partition by range (id); create table events_old partition of events for values from (0) to (10); create table events_new partition of events for values from (10) to (20); insert into events values (1), (11)")
    const reader = new Client({ connectionString: at.url, application_name: "the app" })
    await reader.connect()
    await reader.query("begin; select * from events")
    const { child, end } = at.start("db migrate up")
    await eventually(async () => (await partitions(at)).some(one => one.pending)) // its first transaction is committed, the second one waits for the reader
    child.kill("SIGKILL")
    await end
    await at.quiet()
    expect(await partitions(at)).toEqual([{ name: "events_new", pending: false }, { name: "events_old", pending: true }])
    const again = at.start("db migrate up")
    await at.busy("FINALIZE")
    await reader.end()
    expect(await again.end).toMatchObject({ exit: 0 })
    expect(await partitions(at)).toEqual([{ name: "events_new", pending: false }])
    expect([await ledger(at), await at.ask("select to_regclass('after') is not null as there, (select count(*)::int from events_old) as old")]).toEqual([["1 applied"], [{ there: true, old: 1 }]])
  }, 60_000)

  test("#44 a DETACH … CONCURRENTLY whose end was not heard is not asked for again", async () => {
    await using at = await site(major, { "0001_d.sql": "ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY;\nCREATE TABLE after (id int);\n" })
    await at.ask("create table events (id int) partition by range (id); create table events_old partition of events for values from (0) to (10)")
    await using proxy = await startProxy(Number(new URL(at.url).port), { cutAfter: "DETACH PARTITION" })
    expect(await at.run("db migrate up", { DATABASE_URL: through(at.url, proxy) })).toMatchObject({ exit: 0 })
    expect([proxy.rules.cutAfter, await partitions(at), await ledger(at)]).toEqual([undefined, [], ["1 applied"]])
  }, 60_000)

  test("#44 what only the catalog knows (REINDEX and CLUSTER of a partitioned table) runs on its own, too", async () => {
    await using at = await site(major, {
      "0001_p.sql": "CREATE TABLE events (id int PRIMARY KEY) PARTITION BY RANGE (id);\nCREATE TABLE events_old PARTITION OF events FOR VALUES FROM (0) TO (10);\n",
      "0002_r.sql": "REINDEX TABLE events;\nREINDEX INDEX events_pkey;\n", "0003_c.sql": "CLUSTER events USING events_pkey;\n", "0004_v.sql": "VACUUM (ANALYZE) events;\n",
    })
    expect(await at.run("db migrate up")).toMatchObject({ exit: 0, stderr: "" })
    expect(await ledger(at)).toEqual(["1 applied", "2 applied", "3 applied", "4 applied"])
  }, 60_000)
})
