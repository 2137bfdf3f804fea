import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Query, Session } from "../../../src/core/types.ts"
import { inspect } from "../../../src/kinds/inspect.ts"
import { openShadow } from "../../../src/shadow/shadow.ts"

let shadow: Session
beforeAll(async () => void (shadow = await openShadow()))
afterAll(() => shadow.close())

async function inspected(): Promise<{ readonly queries: number; readonly objects: number }> {
  let queries = 0
  const counting: Query = (sql, params) => (queries++, shadow.query(sql, params))
  const { objects } = await inspect(counting)
  return { queries, objects: objects.size }
}

test("nine hundred tables are read in as many queries as one", async () => {
  const table = (i: number) => `create table t${i} (id int primary key, parent int references t${Math.max(0, i - 1)}, name text not null default 'x' check (name <> '')); create index on t${i} (name)`
  await shadow.script(table(0))
  const one = await inspected()
  await shadow.script(Array.from({ length: 899 }, (_, i) => table(i + 1)).join(";"))
  const all = await inspected()
  expect(all.objects).toBe(one.objects * 900)
  expect(all.queries).toBe(one.queries)
  expect(all.queries).toBeLessThanOrEqual(12)
})
