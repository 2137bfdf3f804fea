/** FAULTS.md, section 5: what the server runs out of. */
import { describe, expect, test } from "bun:test"
import { chown, mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { IS_ROOT, testThatNeeds } from "../../support/needs.ts"
import { startCluster, startServer, type Major } from "../../support/server.ts"
import { ledger, site, type Site } from "../../support/site.ts"

interface Space extends AsyncDisposable { readonly name: string }

/** A tablespace on a file system of 16 MB. */
async function smallSpace(major: Major): Promise<Space> {
  const dir = await mkdtemp(join(tmpdir(), "nself-small-"))
  const name = `small${major}_${Date.now()}`
  await Bun.$`mount -t tmpfs -o size=16m,mode=755 none ${dir}`.quiet()
  await mkdir(join(dir, "ts"))
  await chown(join(dir, "ts"), 65534, 65534)
  await chown(dir, 65534, 65534)
  const { url } = await startServer(major)
  const ask = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await ask(`create tablespace ${name} location '${dir}/ts'`)
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await ask(`drop tablespace ${name}`).catch(() => {})
      await Bun.$`umount -l ${dir}`.quiet().nothrow()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const indexes = (at: Site) => at.ask("select c.relname::text as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = 'idx'")
const FILL = "create table q as select g as id, md5(g::text) || md5((g + 1)::text) as t from generate_series(1, 200000) g"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  testThatNeeds(IS_ROOT, "root, to mount a small disk", `#25 out of disk in a transaction, PostgreSQL ${major}: explained, nothing left`, async () => {
    await using space = await smallSpace(major)
    await using at = await site(major, { "0001_i.sql": `CREATE TABLE one (n int);\nCREATE INDEX idx ON q (t, id) TABLESPACE ${space.name};\n` })
    await at.ask(FILL)
    const { exit, stderr } = await at.run("db migrate up")
    expect([exit, stderr]).toEqual([1, expect.stringContaining("SQLSTATE 53100. Nothing of this file was applied")])
    expect(stderr).toContain("free disk space on the server")
    expect(await at.ask("select to_regclass('one') as one, to_regclass('idx') as idx")).toEqual([{ one: null, idx: null }])
    expect(await ledger(at)).toEqual([])
  }, 60_000)

  testThatNeeds(IS_ROOT, "root, to mount a small disk", `#26 out of disk in CREATE INDEX CONCURRENTLY, PostgreSQL ${major}: no INVALID index is left, and the next run goes on`, async () => {
    await using space = await smallSpace(major)
    await using at = await site(major, { "0001_i.sql": `CREATE INDEX CONCURRENTLY idx ON q (t, id) TABLESPACE ${space.name};\n` })
    await at.ask(FILL)
    const { exit, stderr } = await at.run("db migrate up")
    expect([exit, stderr]).toEqual([1, expect.stringContaining("SQLSTATE 53100")])
    expect(await indexes(at)).toEqual([])
    await at.ask("delete from q where id > 100")
    await at.ask("vacuum full q")
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await indexes(at)).toEqual([{ name: "idx", valid: true }])
    await at.ask("drop index idx")
  }, 60_000)

  test(`#27 out of shared memory (53200), PostgreSQL ${major}: nothing left, the hint says what to raise`, async () => {
    await using cluster = await startCluster(major, { max_locks_per_transaction: "10", max_connections: "10", max_worker_processes: "0", max_prepared_transactions: "0" })
    await using at = await site(major, { "0001_many.sql": Array.from({ length: 3000 }, (_, i) => `CREATE TABLE t${i} (n int);`).join("\n") }, cluster.url)
    const { exit, stderr } = await at.run("db migrate up")
    expect([exit, stderr]).toEqual([1, expect.stringContaining("SQLSTATE 53200. Nothing of this file was applied")])
    expect(stderr).toContain("raise max_locks_per_transaction on the server, or split the migration")
    expect(await at.ask("select to_regclass('t0') as t")).toEqual([{ t: null }])
    expect(await ledger(at)).toEqual([])
  }, 60_000)

  test(`#24 too many connections (53300), PostgreSQL ${major}: asked again until there is room`, async () => {
    await using cluster = await startCluster(major, { max_connections: "8", superuser_reserved_connections: "0", ...(major >= 16 ? { reserved_connections: "0" } : {}), max_wal_senders: "0" })
    await using at = await site(major, { "0001_a.sql": "CREATE TABLE one (n int);\n" }, cluster.url)
    const full = await Promise.all(Array.from({ length: 8 }, async () => {
      const client = new Client({ connectionString: cluster.url })
      await client.connect()
      return client
    }))
    const run = at.start("db migrate up")
    const stderr = run.end.then(end => end.stderr)
    await Bun.sleep(1500)
    await Promise.all(full.map(client => client.end()))
    expect([(await run.end).exit, await stderr]).toEqual([0, expect.stringContaining("has no free connection")])
    expect(await ledger(at)).toEqual(["1 applied"])
  }, 60_000)
})
