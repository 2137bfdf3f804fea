/** What ends a transaction in which nself thinks between its questions. */
import { expect, test } from "bun:test"
import { inSnapshot } from "../../src/pg/snapshot.ts"
import { startServer } from "../support/server.ts"
import { ask, open } from "../support/migrating.ts"

test("a role's limit for idle transactions, shorter than nself thinks, ended its reading (25P03)", async () => {
  const server = await startServer(18)
  const url = await server.database()
  await ask(url, "drop role if exists idle_reader; create role idle_reader superuser login password 'x'; alter role idle_reader set idle_in_transaction_session_timeout = '1ms'")
  const database = await open(url.replace("postgres@", "idle_reader:x@"))
  const session = await database.session()
  const read = await inSnapshot(session, async () => {
    await session.query("select 1")
    await ask(url, "select pg_sleep(0.05)") // nself is busy with something else
    return session.query("select current_setting('idle_in_transaction_session_timeout') as limit")
  })
  expect(read).toEqual([{ limit: "0" }])
  expect(await session.query("select current_setting('idle_in_transaction_session_timeout') as limit")).toEqual([{ limit: "1ms" }])
  await database.close()
})
