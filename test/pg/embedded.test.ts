import { expect, test } from "bun:test"
import { splitStatements } from "../../src/core/statements.ts"
import { ensureLedger, readLedger } from "../../src/pg/ledger.ts"
import { applyMigration } from "../../src/pg/migrator.ts"
import { boot } from "../../src/shadow/boot.ts"
import { sessionOf } from "../../src/shadow/session.ts"
import { clusterTemplate } from "../../src/shadow/template.ts"
import { migration, step } from "../support/migrating.ts"

test("the embedded database takes the same road", async () => {
  const pglite = await boot({ template: clusterTemplate() })
  const session = await sessionOf(pglite, () => pglite.close())
  await ensureLedger(session, "public")
  const run = async (seq: number, up: string, direction: "up" | "down" = "up"): Promise<unknown> => {
    const one = migration(seq, up, "drop table if exists a cascade;")
    return await applyMigration(session, step(one, { direction }), await splitStatements(direction === "up" ? up : one.down!.text)).catch((error: Error) => error.message)
  }
  expect(await run(1, "create table a (id int);\ninsert into a values (1);")).toMatchObject({ kind: "applied" })
  expect(await run(2, "create table b (id uuidd);")).toContain("migrations/0002_test.sql:1:20: type \"uuidd\" does not exist")
  expect(await run(2, "create index concurrently idx_a on a (id);")).toMatchObject({ kind: "applied" })
  expect(await run(2, "create index concurrently idx_a on a (id);")).toEqual({ kind: "already" })
  expect(await run(2, "", "down")).toMatchObject({ kind: "applied" })
  expect(await readLedger(session, "public")).toMatchObject([{ seq: 1, state: "applied" }])
  await session.close()
})
