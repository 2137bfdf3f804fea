import { afterAll, beforeAll, expect, test } from "bun:test"
import { Client } from "pg"
import type { Catalog } from "../../src/core/catalog.ts"
import { compare, driftLines } from "../../src/core/compare.ts"
import { EMPTY } from "../../src/core/part.ts"
import { survive } from "../../src/flows/survive.ts"
import { ddl } from "../../src/kinds/ddl.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { queryOf } from "../support/query.ts"
import { reusedShadows } from "../support/shadows.ts"
import { startServer, type Major } from "../support/server.ts"

const MAJORS: readonly Major[] = [14, 15, 16, 17, 18]
const nasty = await Bun.file(`${import.meta.dir}/../support/nasty.sql`).text()
const shadows = reusedShadows()
const catalogs = new Map<string, Catalog>()

beforeAll(async () => {
  for (const major of MAJORS) {
    const client = new Client({ connectionString: await (await startServer(major)).database() })
    await client.connect()
    await client.query(nasty)
    catalogs.set(`PostgreSQL ${major}`, await inspect(queryOf(client)))
    await client.end()
  }
  const shadow = await shadows.open()
  await shadow.script(nasty)
  catalogs.set("the shadow", await inspect(shadow.query))
  await shadow.close()
}, 120_000)
afterAll(() => shadows.close())

test("the nasty schema has at least 150 objects besides its columns", () => {
  for (const catalog of catalogs.values()) expect([...catalog.objects.values()].filter(object => !["column", "default", "comment"].includes(object.kind)).length).toBeGreaterThan(150)
})

test("what is written from a catalog reads back as that catalog, so no text changes the second time", async () => {
  const shadow = await shadows.open()
  await shadow.script("set check_function_bodies = off")
  for (const statement of ddl(catalogs.get("the shadow")!, EMPTY)) await shadow.script(statement)
  expect(driftLines(compare(catalogs.get("the shadow")!, await inspect(shadow.query)))).toEqual([])
  await shadow.close()
}, 60_000)

const pairs = ["the shadow", ...MAJORS.map(major => `PostgreSQL ${major}`)].flatMap((a, i, all) => all.filter((_, j) => j !== i).map(b => [a, b] as const))

test.each(pairs)("no drift between %s and %s", async (a, b) => {
  const { drift, asText } = await survive(shadows, catalogs.get(a)!, catalogs.get(b)!)
  expect({ drift: driftLines(drift), asText: asText.map(({ object, reason }) => `${object.id}: ${reason}`) }).toEqual({ drift: [], asText: [] })
}, 60_000)
