import { describe, expect, test } from "bun:test"
import { Fault } from "../../src/core/fault.ts"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import { labelOf, sslModeFor } from "../../src/pg/settings.ts"

const PASSWORD = `p@ss/w#rd%'"\\`
const encoded = encodeURIComponent(PASSWORD)
const fromUrl = (url: string, env: Record<string, string> = {}) => settingsFrom({ url, env })!

describe("a URL is read as libpq reads it", () => {
  test.each<[string, object]>([
    ["postgres://u:p@h/d", { hosts: [{ host: "h", port: 5432 }], user: "u", password: "p", database: "d", sslMode: null }],
    ["postgresql://u@h:6000", { hosts: [{ host: "h", port: 6000 }], user: "u", password: null, database: "u" }],
    [`postgres://u:${encoded}@h/d`, { password: PASSWORD }],
    ["postgres://u:p@ss@h/d", { password: "p@ss", hosts: [{ host: "h", port: 5432 }] }],
    ["postgres://u%40x:a%3Ab@h/my%2Fdb", { user: "u@x", password: "a:b", database: "my/db" }],
    ["postgres://u@[::1]:5433/d", { hosts: [{ host: "::1", port: 5433 }] }],
    ["postgres://u@%2Frun%2Fpg/d", { hosts: [{ host: "/run/pg", port: 5432 }] }],
    ["postgres:///d?host=/run/pg&user=u&port=5439", { hosts: [{ host: "/run/pg", port: 5439 }], user: "u" }],
    ["postgres://u@a:1,b,[::1]:3/d?target_session_attrs=read-write", { hosts: [{ host: "a", port: 1 }, { host: "b", port: 5432 }, { host: "::1", port: 3 }], target: "read-write" }],
    ["postgres://u@h/d?sslmode=verify-ca&sslrootcert=/ca.pem&channel_binding=require", { sslMode: "verify-ca", sslRootCert: "/ca.pem", channelBinding: "require" }],
    ["postgres://u@h/d?connect_timeout=3&application_name=a%20b&options=-c%20search_path%3Dx", { connectTimeout: 3, applicationName: "a b", options: "-c search_path=x" }],
    ["postgres://u@h/d?ssl=true&gssencmode=disable", { sslMode: "require" }],
  ])("%s", (url, wanted) => expect(fromUrl(url)).toMatchObject(wanted))
})

describe("a URL that cannot be read is a usage error without a piece of it", () => {
  test.each([
    "mysql://u:hunter2@h/d", "hunter2", "postgres://u:hunter2/x@h/d", "postgres://u:hunter2#x@h/d", "postgres://u:hunter2?x@h/d", "postgres://u:hunter2%zz@h/d",
    "postgres://u:p@h:hunter2/d", "postgres://u@h/d?hunter2=1", "postgres://u@h/d?sslmode=hunter2", "postgres://u@h/d?connect_timeout=hunter2", "postgres://u@h:0/d", "postgres://u@h:99999/d",
    "postgres://u@a,b,c:1,2/d?port=1,2",
  ])("%s", url => {
    const fault = caught(() => fromUrl(url))
    expect(fault.exit).toBe("usage")
    expect(Bun.inspect(fault)).not.toContain("hunter2")
    expect(fault.hint).toBeDefined()
  })
  test.each(["schema", "pgbouncer", "connection_limit"])("an unknown key is refused by name: %s", key =>
    expect(caught(() => fromUrl(`postgres://u@h/d?${key}=1`)).message).toContain(`: ${key}`))
})

describe("the first source that says something wins, libpq's variables fill the rest", () => {
  const env = { POSTGRES_HOST: "ph", POSTGRES_PORT: "1", POSTGRES_DB: "pd", POSTGRES_USER: "pu", POSTGRES_PASSWORD: PASSWORD, POSTGRES_SSL_MODE: "require" }
  test.each<[string, Parameters<typeof settingsFrom>[0], string]>([
    ["--url", { url: "postgres://u@h/d", env: { DATABASE_URL: "postgres://v@i/e", ...env } }, "u@h:5432/d"],
    ["DATABASE_URL", { env: { DATABASE_URL: "postgres://v@i/e", NSELF_DB_URL: "postgres://x@y/z", ...env } }, "v@i:5432/e"],
    ["NSELF_DB_URL", { env: { NSELF_DB_URL: "postgres://x@y/z", ...env } }, "x@y:5432/z"],
    ["POSTGRES_*", { env, credentials: { url: "postgres://c@c/c" } }, "pu@ph:1/pd"],
    ["connectionString", { env: {}, credentials: { connectionString: "postgresql://nself:password@localhost:5432/nself" } }, "nself@localhost:5432/nself"],
    ["url", { env: {}, credentials: { url: "postgres://c@c/c" } }, "c@c:5432/c"],
    ["fields", { env: {}, credentials: { host: "h", port: 7, user: "u", password: "p", database: "d", ssl: false } }, "u@h:7/d"],
    ["PG*", { url: "postgres:///", env: { PGHOST: "g", PGPORT: "8", PGUSER: "gu", PGDATABASE: "gd" } }, "gu@g:8/gd"],
  ])("%s", (_, given, label) => expect(labelOf(settingsFrom(given)!)).toBe(label))
  test("nothing said is null", () => expect(settingsFrom({ env: { PATH: "/bin" }, credentials: {} })).toBeNull())
  test("POSTGRES_PASSWORD is taken as it is written", () => expect(settingsFrom({ env })).toMatchObject({ password: PASSWORD, sslMode: "require" }))
})

test.each<[string, string, Record<string, string>]>([
  ["postgres://u@db.example/d", "verify-full", {}],
  ["postgres://u@127.0.0.1/d", "prefer", {}],
  ["postgres://u@[::1]/d", "prefer", {}],
  ["postgres://u@%2Frun/d?sslmode=require", "disable", {}],
  ["postgres://u@db.example/d", "verify-ca", { PGSSLMODE: "verify-ca" }],
  ["postgres://u@db.example/d?sslmode=disable", "disable", { PGSSLMODE: "verify-ca" }],
])("TLS of %s is %s", (url, mode, env) => {
  const settings = fromUrl(url, env)
  expect(sslModeFor(settings, settings.hosts[0]!.host)).toBe(mode as never)
})

function caught(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error("nothing was thrown")
}
