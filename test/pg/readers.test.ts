import { describe, expect, test } from "bun:test"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import { openReaders } from "../../src/pg/readers.ts"
import { openServer } from "../../src/pg/server.ts"
import { fingerprints, fingerprintsAtOnce } from "../../src/pg/tenants/shapes.ts"
import { admin, startServer } from "../support/server.ts"

const open = (url: string) => openServer(settingsFrom({ url, env: {} })!, { version: "0.0.0", runId: crypto.randomUUID() })

describe.each([15, 18] as const)("readers on PostgreSQL %i", major => {
  test("several connections see the same shapes as one session, in any number of batches", async () => {
    const url = await (await startServer(major)).database()
    const names = Array.from({ length: 600 }, (_, n) => `tenant_${n}`)
    await admin(url, names.map((name, n) => `create schema ${name}; create table ${name}.t (id int primary key${n % 200 === 7 ? ", odd text" : ""})`).join(";"))
    const database = await open(url)
    const readers = (await database.readers!(4))!
    const atOnce = await fingerprintsAtOnce(readers, names)
    const session = await database.session()
    expect(atOnce).toEqual(await fingerprints(session, names))
    expect(new Set(atOnce.values()).size).toBe(2)
    await database.close()
  }, 60_000)

  test("they cannot write, and a connection that was lost comes back with all its settings", async () => {
    const url = await (await startServer(major)).database()
    const database = await open(url)
    const readers = (await database.readers!(1))!
    await expect(readers.query("create table t ()")).rejects.toMatchObject({ code: "25006" })
    const [before] = await readers.query<{ pid: number }>("select pg_backend_pid() as pid")
    await admin(url, `select pg_terminate_backend(${before!.pid})`)
    const ask = () => readers.query<{ pid: number; path: string; readonly: string }>("select pg_backend_pid() as pid, current_setting('search_path') as path, current_setting('transaction_read_only') as readonly")
    const [after] = await ask().catch(ask) // the first may still have gone into the dead connection
    expect(after!.pid).not.toBe(before!.pid)
    expect(after).toMatchObject({ path: '""', readonly: "on" })
    await database.close()
  }, 60_000)

})

test("what must be bound to its TLS channel gets no such pool", async () => {
  const settings = settingsFrom({ url: "postgres://a@127.0.0.1/b?channel_binding=require", env: {} })!
  expect(await openReaders(settings, { host: settings.hosts[0]!, ssl: false }, "nself", 1)).toBeNull()
})
