import { expect, test } from "bun:test"
import { Client } from "pg"
import { compare, driftLines } from "../../src/core/compare.ts"
import type { Query } from "../../src/core/types.ts"
import { versionChanges, versionsOf } from "../../src/kinds/extension.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { startServer } from "../support/server.ts"

test("another version of an extension is a difference of two servers, not of a server and a shadow", async () => {
  const client = new Client({ connectionString: await (await startServer(18)).database() })
  await client.connect()
  const query: Query = async <R>(sql: string, params: readonly unknown[] = []) => (await client.query(sql, [...params])).rows as R[]
  await client.query("create extension citext version '1.4'")
  const have = await inspect(query)
  await client.query("alter extension citext update to '1.5'")
  const want = await inspect(query)
  expect(driftLines(compare(want, have))).toEqual([])
  const { changed, sql } = versionChanges(versionsOf(want), have, [{ name: "citext", reachable: ["1.5", "1.6"], usual: "1.8" }])
  expect(changed.map(change => `${change.have.detail} -> ${change.want.detail}`)).toEqual(["version 1.4 -> version 1.5"])
  expect(sql).toEqual([`ALTER EXTENSION "citext" UPDATE TO '1.5'`])
  await client.end()
}, 60_000)
