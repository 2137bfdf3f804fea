import { Client } from "pg"
import { expect, test } from "bun:test"
import { startServer, type Major } from "../support/server.ts"

test.each<Major>([14, 15, 16, 17, 18])("PostgreSQL %i starts and gives fresh databases", async major => {
  const server = await startServer(major)
  const client = new Client({ connectionString: await server.database() })
  await client.connect()
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num')::int / 10000 as version")
  await client.end()
  expect(rows[0]!.version as unknown).toBe(major)
})
