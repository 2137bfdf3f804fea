import { afterAll, beforeAll, expect, test } from "bun:test"
import { copyFromFile } from "../../src/core/copy-statement.ts"
import type { Session } from "../../src/core/types.ts"
import { openShadow } from "../../src/shadow/shadow.ts"
import { open } from "../support/migrating.ts"
import { startServer } from "../support/server.ts"

const sessions: Record<string, Session> = {}
beforeAll(async () => {
  sessions["embedded"] = await openShadow()
  sessions["server"] = await (await open(await (await startServer(18)).database())).session()
}, 60_000)
afterAll(async () => void (await Promise.all(Object.values(sessions).map(session => session.close()))))

test.each(["embedded", "server"])("rows go into a table (%s), and a row that is refused leaves the session usable", async where => {
  const session = sessions[where]!
  await session.script("create table t (a int primary key, b text)")
  expect(await session.copyIn("copy t (a, b) from stdin", ["1\té😀\n", "2\t\\N\n3\ta\\tb\n"])).toBe(3)
  expect(await session.copyIn("COPY t FROM stdin WITH (FORMAT csv)", (async function* () { yield Buffer.from("4,\"x\ny\"\n") })())).toBe(1)
  expect(await session.query("select a, b from t order by a")).toEqual([{ a: 1, b: "é😀" }, { a: 2, b: null }, { a: 3, b: "a\tb" }, { a: 4, b: "x\ny" }])
  await expect(session.copyIn("copy t from stdin", ["5\tx\n1\ty\n"])).rejects.toMatchObject({ code: "23505", constraint: "t_pkey", where: expect.stringContaining("line 2") })
  await expect(session.copyIn("copy nowhere from stdin", ["5\tx\n"])).rejects.toMatchObject({ code: "42P01" })
  expect(await session.query("select count(*)::int as n from t")).toEqual([{ n: 4 }])
})

test("much goes into a server without being held in memory", async () => {
  const session = sessions["server"]!
  await session.script("create table wide (a int, b text)")
  const lines = function* () { for (let i = 0; i < 400; i++) yield `${i}\t${"x".repeat(50_000)}\n` }
  expect(await session.copyIn("copy wide from stdin", lines())).toBe(400)
})

test.each([
  ["copy t from stdin", "copy t from '/dev/blob'"],
  ["COPY public.\"from stdin\" (a, b)\n FROM /* from stdin */ STDIN WITH (format csv)", "COPY public.\"from stdin\" (a, b)\n FROM /* from stdin */ '/dev/blob' WITH (format csv)"],
  ["copy \"é\" from stdin csv", "copy \"é\" from '/dev/blob' csv"],
])("STDIN in %j is found by PostgreSQL's scanner", async (from, to) => {
  expect(await copyFromFile(from, "/dev/blob")).toBe(to)
})
