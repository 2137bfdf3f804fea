import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Session } from "../../src/core/types.ts"
import { aside } from "../../src/flows/history/nested.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

let shadow: Session
beforeAll(async () => void (shadow = await openShadow()), 60_000)
afterAll(() => shadow.close())

const count = async (): Promise<number> => (await shadow.query<{ n: number }>("select count(*)::int as n from t"))[0]!.n

test("what is written for a session of its own leaves nothing behind, whatever its begins and commits", async () => {
  await shadow.script("create table t (n int)")
  await aside(shadow, async inside => {
    await inside.script("insert into t values (1)")
    await expect(inside.script("insert into t values ('x')")).rejects.toThrow("invalid input syntax")
    await inside.script("set session_replication_role = replica; begin")
    await inside.script("insert into t values (2)")
    await inside.script("commit")
    await inside.script("begin; insert into t values (3)")
    await inside.script("rollback")
    await inside.script("begin")
    await inside.script("insert into t values (4)")
    await inside.script("rollback")
    expect(await count()).toBe(2)
  })
  expect(await count()).toBe(0)
  await shadow.script("drop table t")
})

test("a body that begins and ends with the word is no transaction", async () => {
  await aside(shadow, async inside => {
    await inside.script("do $$ begin null; end $$")
    await inside.script("create function f() returns int language sql begin atomic select 1; end")
  })
})
