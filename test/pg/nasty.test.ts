import { afterAll, beforeAll, expect, test } from "bun:test"
import { Client } from "pg"
import type { Catalog, CatalogObject } from "../../src/core/catalog.ts"
import { compare, driftLines } from "../../src/core/compare.ts"
import { EMPTY } from "../../src/core/part.ts"
import { survive, type Survived } from "../../src/flows/history/survive.ts"
import { writers } from "../../src/kinds/all.ts"
import { ddl } from "../../src/kinds/ddl.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { queryOf } from "../support/query.ts"
import { reusedShadows } from "../support/shadows.ts"
import { startServer, type Major } from "../support/server.ts"

const MAJORS: readonly Major[] = [14, 15, 16, 17, 18]
const nasty = await Bun.file(`${import.meta.dir}/../support/nasty.sql`).text()
const shadows = reusedShadows()
const catalogs = new Map<string, Catalog>()
const urls = new Map<Major, string>()

beforeAll(async () => {
  for (const major of MAJORS) {
    const url = await (await startServer(major)).database()
    urls.set(major, url)
    const client = new Client({ connectionString: url })
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

test("the nasty schema has every kind that nself writes", () => {
  for (const catalog of catalogs.values()) expect(Object.keys(writers).filter(kind => ![...catalog.objects.values()].some(object => object.kind === kind))).toEqual([])
})

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

/** Where the servers' own texts differ, and of which objects; every other kind is printed alike by all of them. */
const DIFFERING: Readonly<Record<string, readonly string[]>> = {
  // 15 and older name the table in front of every column
  view: ["words_view", "simple", "cte", "materialized_cte", "windowed", "grouped", "cased", "timed", "texted", "arrays", "jsons", "sublinks", "distincts", "booleans", "checked", "twice_view", "\"Odd Schema\".\"Odd View\"", "sampled", "locked", "deep"],
  "materialized view": ["counts", "app.summary"],
  // what a server carries
  extension: ["btree_gist", "citext"],
}

test.each(Object.keys(writers))("%s: nothing is reported between 14, 18 and the shadow, whether its text differs or not", async kind => {
  const old = catalogs.get("PostgreSQL 14")!
  for (const name of ["PostgreSQL 18", "the shadow"]) {
    const other = catalogs.get(name)!
    const of = (catalog: Catalog) => [...catalog.objects.values()].filter(object => object.kind === kind)
    const printed = ({ detail, data }: CatalogObject) => (kind === "extension" ? `${detail} ${(data as { version: string }).version}` : detail)
    const differing = of(old).filter(object => printed(object) !== printed(other.objects.get(object.id)!)).map(object => object.key)
    expect({ kind, differing: differing.toSorted() }).toEqual({ kind, differing: (DIFFERING[kind] ?? []).toSorted() })
    const { drift } = await survived(name, "PostgreSQL 14")
    expect([...drift.missing, ...drift.extra, ...drift.changed.map(change => change.want)].filter(object => object.kind === kind)).toEqual([])
    expect(of(old).length).toBeGreaterThan(0)
  }
}, 60_000)

/** What 14 and 18 keep of the same statement, where `inspect` reads one thing out of both. */
const RECORDS: readonly (readonly [kind: string, question: string])[] = [
  ["grant", "select relacl::text as said from pg_class where oid = 'app.settings'::regclass"], // MAINTAIN is one of all rights on 17 and later
  ["default privilege", "select string_agg(defaclacl::text, ' ' order by oid) as said from pg_default_acl where defaclobjtype = 'r'"],
  ["constraint", "select count(*)::text as said from pg_constraint where conrelid = 'users'::regclass"], // 18 lists every NOT NULL
  ["column storage", "select attstattarget::text as said from pg_attribute where attrelid = 'users'::regclass and attname = 'age'"], // -1, and NULL on 17 and later
]

test.each(RECORDS)("%s: what the servers keep differs, what is read does not", async (kind, question) => {
  const said = await Promise.all([urls.get(14)!, urls.get(18)!].map(url => asked(url, question)))
  expect(said[0]).not.toBe(said[1])
  const [old, now] = [14, 18].map(major => [...catalogs.get(`PostgreSQL ${major}`)!.objects.values()].filter(object => object.kind === kind).map(({ id, detail }) => `${id} ${detail}`).toSorted())
  expect(old).toEqual(now!)
})

test.each([14, 18] as const)("a database of PostgreSQL %d that prints moments and names in its own way reads the same", async major => {
  const url = urls.get(major)!
  for (const setting of ["timezone to 'Asia/Tokyo'", "datestyle to 'German, DMY'", "intervalstyle to 'iso_8601'", "quote_all_identifiers to on", "bytea_output to 'escape'", "extra_float_digits to -3"]) {
    await asked(url, `alter database ${new URL(url).pathname.slice(1)} set ${setting}`)
  }
  const client = new Client({ connectionString: url })
  await client.connect()
  const again = await inspect(queryOf(client))
  const { rows } = await client.query("select current_setting('timezone') as zone, current_setting('quote_all_identifiers') as quoted")
  await client.end()
  expect(driftLines(compare(catalogs.get(`PostgreSQL ${major}`)!, again))).toEqual([])
  expect(rows).toEqual([{ zone: "Asia/Tokyo", quoted: "on" }])
})

async function asked(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client.query<{ said: unknown }>(sql).then(({ rows }) => rows[0]?.said).finally(() => client.end())
}

/** Each pair is asked of the shadow once. */
function survived(a: string, b: string): Promise<Survived> {
  const known = answers.get(`${a} ${b}`) ?? survive(shadows, catalogs.get(a)!, catalogs.get(b)!)
  answers.set(`${a} ${b}`, known)
  return known
}
const answers = new Map<string, Promise<Survived>>()

const pairs = ["the shadow", ...MAJORS.map(major => `PostgreSQL ${major}`)].flatMap((a, i, all) => all.filter((_, j) => j !== i).map(b => [a, b] as const))

test.each(pairs)("no drift between %s and %s", async (a, b) => {
  const { drift, asText } = await survived(a, b)
  expect({ drift: driftLines(drift), asText: asText.map(({ object, reason }) => `${object.id}: ${reason}`) }).toEqual({ drift: [], asText: [] })
}, 60_000)
