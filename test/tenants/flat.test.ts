import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Client } from "pg"
import { readFillable } from "../../src/kinds/fillable.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { fingerprints } from "../../src/pg/tenants/shapes.ts"
import { queryOf } from "../support/query.ts"
import { admin, startServer } from "../support/server.ts"
import { tenantNames } from "./support.ts"

const TENANTS = 300
const CATALOGS = ["pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_depend", "pg_index", "pg_trigger", "pg_type"]

const TABLES = Array.from({ length: 4 }, (_, i) => `create table t${i} (id int generated always as identity primary key, parent int references t0, name text default 'x'); create index t${i}_name on t${i} (name)`).join(";")

interface Plan {
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly "Rows Removed by Join Filter"?: number
  readonly Plans?: readonly Plan[]
}

/** The rows that all parts of a plan looked at. */
const looked = (plan: Plan): number =>
  (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Join Filter"] ?? 0)) * plan["Actual Loops"] + (plan.Plans ?? []).reduce((sum, one) => sum + looked(one), 0)

describe.each([14, 18] as const)("on PostgreSQL %d, catalogs never analyzed, as a role that is no superuser", major => {
  let client: Client
  let rows = 0
  /** Counts what its question makes the server look at, then asks it. */
  const counting = async <R>(sql: string, params: readonly unknown[] = []): Promise<readonly R[]> => {
    if (/^\s*(select|with)/.test(sql) && !sql.includes("set_config")) {
      const [said] = await queryOf(client)<{ "QUERY PLAN": readonly { readonly Plan: Plan }[] }>(`explain (analyze, timing off, format json) ${sql}`, params)
      rows += looked(said!["QUERY PLAN"][0]!.Plan)
    }
    return queryOf(client)<R>(sql, params)
  }
  const session = { query: counting, script: async (sql: string) => void (await client.query(sql)) }
  const cost = async (work: () => Promise<unknown>): Promise<number> => {
    rows = 0
    await work()
    return rows
  }
  const make = async (names: readonly string[]): Promise<void> => {
    for (let at = 0; at < names.length; at += 25) await client.query(names.slice(at, at + 25).map(name => `create schema ${name}; set search_path = ${name}; ${TABLES}`).join(";"))
    await client.query("reset search_path")
  }
  beforeAll(async () => {
    const url = await (await startServer(major)).database()
    const role = `flat${major}_${crypto.randomUUID().slice(0, 8)}`
    await admin(url, `create role ${role} login password 'flat'; grant create on database ${new URL(url).pathname.slice(1)} to ${role}`)
    client = new Client({ connectionString: url.replace("postgres@", `${role}:flat@`) })
    await client.connect()
    await admin(url, `do $$ begin create role flat_stranger; exception when duplicate_object then null; end $$`) // else nobody looks for rights of others
    await client.query("set work_mem = '64kB'") // as little beside these catalogs as 4 MB beside those of ten thousand tenants
  }, 60_000)
  afterAll(() => client.end())

  test("the catalogs are read a few times over, not each row for each other row; and for a sixth of the tenants, a sixth of them", async () => {
    const all = tenantNames(TENANTS)
    await make(all)
    const [{ total }] = (await queryOf(client)<{ total: number }>(`select (${CATALOGS.map(name => `(select count(*) from ${name})`).join(" + ")})::int as total`)) as [{ total: number }]
    const schema = await cost(() => inspect(counting, all[0]!, true))
    const fillable = await cost(() => readFillable(counting, [all[0]!]))
    const every = await cost(() => fingerprints(session, all))
    const some = await cost(() => fingerprints(session, all.slice(0, TENANTS / 6)))
    expect(schema / total).toBeLessThan(1) // 17 where each dependency was compared with each object of the schema
    expect(fillable / total).toBeLessThan(0.05) // each tenant whose rows are made up asks this
    expect(every / total).toBeLessThan(3)
    expect(some / every).toBeLessThan(1 / 3)
    expect(new Set((await fingerprints(session, all)).values()).size).toBe(1)
  }, 60_000)
})
