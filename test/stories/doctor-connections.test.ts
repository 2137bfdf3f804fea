/** What `doctor` says of the way to the database: real poolers, real certificates. */
import { afterEach, expect, test } from "bun:test"
import { project, runNself } from "../support/nself.ts"
import { PGBOUNCER, startPgBouncer } from "../support/pgbouncer.ts"
import { testThatNeeds } from "../support/needs.ts"
import { startServer } from "../support/server.ts"
import { certificates, tlsCluster } from "../support/tls.ts"

const removes: (() => Promise<void>)[] = []
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

interface Check { readonly name: string; readonly state: string; readonly summary: string; readonly next: string | null }

async function doctorOf(url: string, only: string): Promise<{ readonly exit: number; readonly checks: readonly Check[] }> {
  const { dir, remove } = await project({ "drizzle.config.json": "{}", "migrations/0001_a.sql": "CREATE TABLE a (n int);\n", "migrations/0001_a.down.sql": "DROP TABLE a;\n" })
  removes.push(remove)
  const { stdout, exit } = await runNself(dir, `doctor --json --only ${only}`, { env: { DATABASE_URL: url } })
  return { exit, checks: (JSON.parse(stdout) as { data: { checks: Check[] } }).data.checks }
}

testThatNeeds(PGBOUNCER !== null, "pgbouncer", "a PgBouncer in transaction mode is a warning with the way around it, one in session mode is none", async () => {
  const server = await startServer(18)
  const url = new URL(await server.database())
  await using transaction = await startPgBouncer(server.port, "transaction")
  url.port = String(transaction.port)
  expect(await doctorOf(url.href, "pooler")).toMatchObject({ exit: 12, checks: [{ name: "pooler", state: "warn", summary: expect.stringContaining("PgBouncer in transaction mode"), next: expect.stringContaining("direct connection") }] })
  await using session = await startPgBouncer(server.port, "session")
  url.port = String(session.port)
  expect(await doctorOf(url.href, "pooler")).toMatchObject({ exit: 0, checks: [{ state: "pass" }] })
  url.port = String(server.port)
  expect(await doctorOf(url.href, "pooler")).toMatchObject({ exit: 0, checks: [{ state: "pass" }] })
}, 60_000)

test("TLS that is verified, and certificates that are another host's or a stranger's", async () => {
  await using made = await certificates("localhost")
  await using cluster = await tlsCluster(18, made)
  const tls = (host: string, query: string) => doctorOf(`postgres://postgres@${host}:${cluster.port}/postgres?${query}`, "server,tls")
  expect(await tls("localhost", `sslmode=verify-full&sslrootcert=${made.ca}`)).toMatchObject({ exit: 0, checks: [{ name: "server", state: "pass" }, { name: "tls", state: "pass", summary: expect.stringMatching(/^TLSv1\.3, \w+, certificate verified$/) }] })
  expect(await tls("localhost", "sslmode=require")).toMatchObject({ exit: 0, checks: [{}, { state: "pass", summary: expect.not.stringContaining("verified") }] })
  for (const [host, query, next] of [
    ["127.0.0.1", `sslmode=verify-full&sslrootcert=${made.ca}`, "host name that stands in the certificate"],
    ["localhost", `sslmode=verify-full&sslrootcert=${made.otherCa}`, "sslrootcert"], ["localhost", "sslmode=verify-full", "sslrootcert"],
  ] as const) {
    expect(await tls(host, query), query).toMatchObject({ exit: 10, checks: [{ name: "server", state: "fail", summary: expect.stringContaining(`certificate of ${host}`), next: expect.stringContaining(next) }, { name: "tls", state: "skip" }] })
  }
}, 60_000)

test("a certificate that has expired", async () => {
  await using made = await certificates("localhost", -1)
  await using cluster = await tlsCluster(18, made)
  expect(await doctorOf(`postgres://postgres@localhost:${cluster.port}/postgres?sslmode=verify-full&sslrootcert=${made.ca}`, "server")).toMatchObject({
    exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("expired"), next: expect.stringContaining("renew the server's certificate") }],
  })
}, 60_000)

test("a server without TLS where it is asked for", async () => {
  const url = await (await startServer(18)).database()
  expect(await doctorOf(`${url}?sslmode=verify-full`, "server")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("does not offer TLS") }] })
  expect(await doctorOf(url, "tls")).toMatchObject({ exit: 0, checks: [{ state: "pass", summary: "not used: the server is on this machine" }] })
}, 60_000)
