/** Pain 11: CREATE INDEX CONCURRENTLY inside a transaction. */
import { describe, expect, test } from "bun:test"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ledger, site } from "../../support/site.ts"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("it runs outside of one, beside other statements; an INVALID index is found and rebuilt; the way back, too", async () => {
    await using at = await site(major, {
      "0001_i.sql": "CREATE TABLE q (id int, t text);\nCREATE INDEX CONCURRENTLY q_id ON q (id);\nINSERT INTO q VALUES (1, 'a'), (1, 'b');\nCREATE UNIQUE INDEX CONCURRENTLY q_id_once ON q (id);\n",
      "0001_i.down.sql": "DROP INDEX CONCURRENTLY q_id_once;\nDROP INDEX CONCURRENTLY q_id;\nDROP TABLE q;\n",
    })
    expect(await at.run("db migrate up")).toMatchObject({ exit: 1, stderr: expect.stringContaining("migrations/0001_i.sql:4:1") })
    await at.ask("create unique index concurrently q_id_once on q (id)").catch(() => {}) // somebody tried by hand, and left it INVALID
    expect(await at.ask("select indisvalid as valid from pg_index where indexrelid = 'q_id_once'::regclass")).toEqual([{ valid: false }])
    await at.ask("delete from q where t = 'b'")
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await at.ask("select bool_and(indisvalid) as valid, count(*)::int as n from pg_index where indrelid = 'q'::regclass")).toEqual([{ valid: true, n: 2 }])
    expect((await at.run("db migrate down")).exit).toBe(0)
    expect([await ledger(at), await at.ask("select to_regclass('q') as q")]).toEqual([[], [{ q: null }]])
  })
})
