import { beforeAll, expect, test } from "bun:test"
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api"
import { join } from "node:path"
import type { Catalog } from "../../src/core/catalog.ts"
import { loadForMigration } from "../../src/drizzle/load.ts"
import { likeDonors } from "../../src/drizzle/snapshot-donor.ts"
import { snapshotOf, type Json } from "../../src/drizzle/snapshot-of.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { openShadow } from "../../src/shadow/shadow.ts"
import { launch } from "./support.ts"

let original: Json
let catalog: Catalog
beforeAll(async () => {
  const { declared, snapshot, close } = await loadForMigration({ root: join(import.meta.dir, "snapshot"), configPath: null, patterns: ["./schema.ts"], out: "./migrations" }, launch())
  original = (await snapshot()) as Json
  await close()
  const shadow = await openShadow()
  for (const statement of declared.statements) await shadow.script(statement)
  catalog = await inspect(shadow.query)
  await shadow.close()
}, 60_000)

type Kit = ReturnType<typeof generateDrizzleJson>
const withIds = (snapshot: Json): Kit => ({ ...snapshot, id: "a", prevId: "b" }) as unknown as Kit
/** What drizzle-kit would do to get from one snapshot to the other. */
const kitDiff = (from: Json, to: Json) => generateMigration(withIds(from), withIds(to))

test("a snapshot written from the catalog in the words of drizzle-kit's own is drizzle-kit's own", () => {
  const { id: _, prevId: __, ...expected } = original
  const written = snapshotOf(catalog)
  expect(likeDonors(written, [{ original, written }])).toEqual(expected)
})

test("drizzle-kit finds no difference between the two", async () => {
  const written = snapshotOf(catalog)
  expect(await kitDiff(original, likeDonors(written, [{ original, written }]))).toEqual([])
}, 30_000)

test("without a donor only PostgreSQL's wording of expressions differs", async () => {
  const written = snapshotOf(catalog)
  const statements = (await kitDiff(original, written)).map(statement => statement.replace(/\s+/g, " ").replace(/ AS \(.*| AS select.*/i, " AS …"))
  expect(statements.toSorted()).toMatchInlineSnapshot(`
    [
      "ALTER TABLE "users" ADD COLUMN "lower" text GENERATED ALWAYS AS …",
      "ALTER TABLE "users" ADD CONSTRAINT "users_level_check" CHECK (level > 0);",
      "ALTER TABLE "users" ALTER COLUMN "amount" SET DEFAULT 0.5;",
      "ALTER TABLE "users" ALTER COLUMN "data" SET DEFAULT '{"a": 1}';",
      "ALTER TABLE "users" ALTER COLUMN "tags" SET DEFAULT '{}';",
      "ALTER TABLE "users" DROP CONSTRAINT "users_level_check";",
      "ALTER TABLE "users" drop column "lower";",
      "CREATE MATERIALIZED VIEW "public"."counted" AS …",
      "CREATE UNIQUE INDEX "users_expression" ON "users" USING btree ("level" DESC NULLS LAST,lower(email::text)) WHERE level > 3;",
      "CREATE VIEW "public"."named" WITH (security_invoker = true) AS …",
      "DROP INDEX "users_expression";",
      "DROP MATERIALIZED VIEW "public"."counted";",
      "DROP VIEW "public"."named";",
    ]
  `)
}, 30_000)

test("what a stale snapshot says of objects that are not there is left out", () => {
  const written = snapshotOf(catalog)
  const stale = structuredClone(original) as { tables: Record<string, { columns: Record<string, unknown> }> }
  stale.tables["public.gone"] = structuredClone(stale.tables["public.notes"]!)
  delete stale.tables["public.users"]!.columns["level"]
  const result = likeDonors(written, [{ original: stale, written }]) as typeof stale
  expect(Object.keys(result.tables)).toEqual(["public.users", "app.posts", "public.notes"])
  expect(result.tables["public.users"]!.columns["level"]).toEqual({ name: "level", type: "integer", primaryKey: false, notNull: false, default: 5 })
})
