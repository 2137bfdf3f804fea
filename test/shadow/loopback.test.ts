import { afterAll, beforeAll, expect, test } from "bun:test"
import { Client, Pool } from "pg"
import postgres from "postgres"
import type { PGlite } from "@electric-sql/pglite"
import type { Listener } from "../../src/core/types.ts"
import { boot } from "../../src/shadow/boot.ts"
import { listen } from "../../src/shadow/loopback.ts"
import { clusterTemplate } from "../../src/shadow/template.ts"

let pglite: PGlite
let door: Listener
beforeAll(async () => {
  pglite = await boot({ template: clusterTemplate() })
  door = await listen(pglite)
}, 60_000)
afterAll(async () => {
  await door.close()
  await pglite.close()
})
const at = () => ({ host: "127.0.0.1", port: door.port, user: "postgres", database: "postgres", password: "any" })

test("many connections at once, with transactions and parameters, never see each other's statements", async () => {
  const pool = new Pool({ ...at(), max: 8 })
  await pool.query("create table t (a int, b text)")
  const transaction = async (i: number): Promise<void> => {
    const client = await pool.connect()
    await client.query("begin")
    await client.query("insert into t values ($1, $2)", [i, "tx"])
    await client.query(i % 2 ? "rollback" : "commit")
    client.release()
  }
  const ask = async (i: number): Promise<void> => {
    const { rows } = await pool.query("select $1::text as v", [`v${i}`])
    expect(rows).toEqual([{ v: `v${i}` }])
  }
  await Promise.all(Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? transaction(i) : i % 3 === 1 ? ask(i) : pool.query("insert into t values ($1, $2)", [i, "x"]))))
  expect((await pool.query("select b, count(*)::int as n from t group by b order by b")).rows).toEqual([{ b: "tx", n: 50 }, { b: "x", n: 100 }])
  await pool.end()
})

test("a refused statement, and COPY FROM STDIN, leave the connection usable", async () => {
  const client = new Client(at())
  await client.connect()
  await expect(client.query("select $1::int", ["x"])).rejects.toMatchObject({ code: "22P02" })
  await expect(client.query("copy t from stdin")).rejects.toMatchObject({ code: "0A000" })
  await expect(client.query({ text: "copy t from stdin", values: [] })).rejects.toMatchObject({ code: "0A000" })
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }])
  await client.end()
})

test("a connection that goes away in its transaction leaves nothing behind and lets the next one in", async () => {
  const client = new Client(at())
  client.on("error", () => {})
  await client.connect()
  await client.query("begin; create table gone (a int)")
  const next = new Client(at())
  const waiting = next.connect()
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  await waiting
  expect((await next.query("select to_regclass('gone') as found")).rows).toEqual([{ found: null }])
  await next.end()
})

test("postgres.js gets in too", async () => {
  const sql = postgres({ ...at(), max: 4, onnotice: () => {} })
  const rows = await Promise.all(Array.from({ length: 20 }, (_, i) => sql`select ${i}::int as i`))
  expect(rows.map(found => found[0]!["i"])).toEqual(Array.from({ length: 20 }, (_, i) => i))
  await sql.begin(async inner => void (await inner`select 1`))
  await sql.end()
})
