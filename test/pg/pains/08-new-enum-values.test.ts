/** Pain 8: a new enum value is used in the same transaction. */
import { describe, expect, test } from "bun:test"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ledger, site } from "../../support/site.ts"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("the file is split behind ADD VALUE; what fails further down is gone on with there", async () => {
    await using at = await site(major, {
      "0001_e.sql": "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);\n",
      "0002_v.sql": "ALTER TYPE mood ADD VALUE 'glad';\nINSERT INTO t VALUES ('glad');\nINSERT INTO missing VALUES (1);\n",
    })
    const { exit, stderr } = await at.run("db migrate up")
    expect([exit, stderr]).toEqual([1, expect.stringContaining("The 2 statements before it are applied; the next run goes on here.")])
    await at.ask("create table missing (n int)")
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await at.ask("select count(*)::int as n from t")).toEqual([{ n: 1 }])
    expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
  })

  test("a value that is only added stays in one transaction with the rest", async () => {
    await using at = await site(major, { "0001_e.sql": "CREATE TYPE mood AS ENUM ('sad');\n", "0002_v.sql": "ALTER TYPE mood ADD VALUE 'glad';\nCREATE TABLE one (n int);\nSELECT 1/0;\n" })
    await at.run("db migrate up")
    expect(await at.ask("select to_regclass('one') as one, (select count(*)::int from pg_enum) as values")).toEqual([{ one: null, values: 1 }])
  })
})
