import { describe, expect, test } from "bun:test"
import { Fault } from "../../src/core/fault.ts"
import { openServer } from "../../src/pg/server.ts"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import { hasCode } from "../../src/pg/pg-error.ts"
import { open } from "../support/migrating.ts"
import { startProxy, through } from "../support/proxy.ts"
import { admin, startServer } from "../support/server.ts"

const PASSWORD = `p@ss/w#rd%'"\\`
const encoded = encodeURIComponent(PASSWORD)

const faultOf = async (url: string, env: Record<string, string> = {}): Promise<Fault> => {
  try {
    const database = await openServer(settingsFrom({ url, env })!, { version: "0.0.0", runId: crypto.randomUUID() })
    await database.close()
  } catch (error) {
    expect(Bun.inspect(error, { depth: 10 })).not.toContain("p@ss")
    expect(Bun.inspect(error, { depth: 10 })).not.toContain(encoded)
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error("it connected")
}

describe.each([15, 18] as const)("PostgreSQL %i", major => {
  test("each way not to connect says where, who, and what to do, and never the password", async () => {
    const { port, url } = await startServer(major)
    await admin(url, `create role picky${major} login password 'right'`)
    const at = `127.0.0.1:${port}`
    const wrong = await faultOf(`postgres://picky${major}:${encoded}@${at}/postgres`)
    expect(wrong.message).toBe(`${at} refuses the password of user picky${major}`)
    expect((await faultOf(`postgres://picky${major}@${at}/postgres`)).message).toContain("asks for a password and none was given")
    expect((await faultOf(`postgres://postgres:${encoded}@${at}/nowhere`)).message).toContain(`database "nowhere" does not exist at ${at}`)
    expect((await faultOf(`postgres://postgres:${encoded}@${at}/postgres?sslmode=require`)).message).toContain("does not offer TLS")
    expect((await faultOf(`postgres://postgres:${encoded}@${at}/postgres`, { PGSSLMODE: "verify-full" })).message).toContain("does not offer TLS")
    expect((await faultOf(`postgres://postgres:${encoded}@${at}/postgres?channel_binding=require`)).message).toContain("channel binding")
    expect((await faultOf(`postgres://postgres:${encoded}@${at}/postgres?target_session_attrs=standby`)).message).toContain("is a primary")
    for (const fault of [wrong]) expect([fault.exit, fault.hint]).toEqual(["failed", "check user and password in --url"])
  })

  test("a password of special characters works, over TCP and over a unix socket", async () => {
    const { port, url, socketDir } = await startServer(major)
    await admin(url, `create role special${major} login password '${PASSWORD.replaceAll("'", "''")}'`)
    for (const address of [`127.0.0.1:${port}/postgres?`, `/postgres?host=${encodeURIComponent(socketDir)}&port=${port}&`]) {
      const database = await open(`postgres://special${major}:${encoded}@${address}application_name=mine`)
      const session = await database.session()
      expect(await session.query("select current_user::text as who, current_setting('application_name') as app")).toEqual([{ who: `special${major}`, app: "mine" }])
      expect(session.versionNum).toBeGreaterThan(major * 10_000)
      await database.close()
    }
  })

  test("the second host is tried when the first one is dead, and a lost session stays lost", async () => {
    const { port } = await startServer(major)
    const database = await open(`postgres://postgres@127.0.0.1:1,127.0.0.1:${port}/postgres?target_session_attrs=read-write`)
    const [session, other] = [await database.session(), await database.session()]
    const [me] = await session.query<{ pid: number }>("select pg_backend_pid() as pid")
    await other.query("select pg_terminate_backend($1)", [me!.pid])
    for (let i = 0; i < 2; i++) {
      const error = await session.query("select 1").then(() => null, (thrown: unknown) => thrown)
      expect(hasCode(error, "57P01", "08006")).toBe(true)
    }
    await database.close()
  })

  test("a script's error names the statement that failed, and cancel reaches it", async () => {
    const { url } = await startServer(major)
    const database = await open(url)
    const session = await database.session()
    const failed = await session.script("select 1; select 2; select 1/0; select 3").then(() => null, (error: unknown) => error)
    expect(failed).toMatchObject({ code: "22012", statement: 2 })
    const copied = await session.script("copy pg_class from stdin").then(() => null, (error: unknown) => error)
    expect(copied).not.toBeNull()
    const sleeping = session.script("select pg_sleep(30)").then(() => null, (error: unknown) => error)
    await session.cancel()
    expect(await sleeping).toMatchObject({ code: "57014" })
    await database.close()
  })
})

test("a server that is not there is named with its port", async () => {
  const fault = await faultOf(`postgres://u:${encoded}@127.0.0.1:1/d`)
  expect(fault.message).toBe("no PostgreSQL answers at 127.0.0.1:1 (user u): connection refused")
})

test("the host `postgres` falls back to 127.0.0.1 where it does not resolve", async () => {
  const { port } = await startServer(18)
  const database = await open(`postgres://postgres@postgres:${port}/postgres`)
  await database.close()
})

test("a server that never answers is given up after connect_timeout", async () => {
  const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  const fault = await faultOf(`postgres://u:${encoded}@127.0.0.1:${silent.port}/d?connect_timeout=1`)
  expect(fault.message).toContain("no answer from")
  silent.stop(true)
})

test("a server that speaks no TLS is asked for it once, not at every connection", async () => {
  const { url, port } = await startServer(18)
  await using proxy = await startProxy(port)
  const database = await openServer(settingsFrom({ url: `${through(url, proxy)}?sslmode=prefer`, env: {} })!, { version: "0.0.0", runId: crypto.randomUUID() })
  const first = proxy.count()
  await Promise.all([database.session(), database.session(), database.session()]) // the first one is open already
  expect([first, proxy.count()]).toEqual([2, 4])
  await database.close()
})
