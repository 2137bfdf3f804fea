import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Client } from "pg"
import type { Catalog } from "../../src/core/catalog.ts"
import { compare, isSame } from "../../src/core/compare.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { fingerprints } from "../../src/pg/tenants/shapes.ts"
import { CHANGES } from "../pg/drift/changes.ts"
import { queryOf } from "../support/query.ts"
import { startServer } from "../support/server.ts"

const base = await Bun.file(`${import.meta.dir}/../pg/drift/base.sql`).text()

describe.each([14, 18] as const)("on PostgreSQL %d", major => {
  let live: Client
  let untouched: string
  let catalog: Catalog
  beforeAll(async () => {
    live = new Client({ connectionString: await (await startServer(major)).database() })
    await live.connect()
    for (const role of ["drift_reader", "drift_writer", "drift_stranger"]) await live.query(`do $$ begin create role ${role}; exception when duplicate_object then null; end $$`)
    await live.query(base)
    untouched = await print()
    catalog = await read()
  }, 60_000)
  afterAll(() => live.end())

  /** Ends the transaction it finds. */
  const print = async (): Promise<string> => (await fingerprints({ query: queryOf(live), script: async sql => void (await live.query(sql)) }, ["public"])).get("public")!
  const read = (): Promise<Catalog> => inspect(queryOf(live), "public", true)

  test("an object needs the same whether its schema is read alone or with the whole database: an operator its function, a configuration its dictionary", async () => {
    await live.query("create text search dictionary d (template = simple); create text search configuration c (copy = simple); alter text search configuration c alter mapping for word with d")
    const [alone, whole] = [await read(), await inspect(queryOf(live), "public")]
    await live.query("drop text search configuration c; drop text search dictionary d")
    // what belongs to the whole database is no tenant's
    const needs = ({ needs }: Catalog): readonly string[] => [...needs].flatMap(([who, whom]) => whom.filter(one => !/^(server|user mapping|cast|publication|event trigger|extension):/.test(who) && alone.objects.has(who) && alone.objects.has(one)).map(one => `${who} -> ${one}`)).toSorted()
    expect(needs(alone)).toEqual(needs(whole))
    expect(needs(alone)).toContain("text search configuration:c -> text search dictionary:d")
  })

  // tenants of one shape are compared once, by one of them: a change that the shape does not show would be seen in nobody
  test.each(CHANGES.filter(({ since = 0 }) => major >= since).map(one => [one.name, one.sql] as const))("%s: what the comparison sees is another shape", async (_, sql) => {
    await live.query("begin")
    await live.query(sql)
    const seen = !isSame(compare(catalog, await read()))
    expect({ seen, shape: (await print()) !== untouched || !seen }).toEqual({ seen, shape: true })
  })
})
