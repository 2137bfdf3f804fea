import { afterAll, expect, test } from "bun:test"
import { mkdtemp, rm, writeFile, readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { historiesOf, historyOf } from "../../src/flows/history/histories.ts"
import type { Shadows } from "../../src/flows/history/shadows.ts"
import { openShadow } from "../../src/shadow/shadow.ts"
import { migration } from "../support/migrating.ts"

const root = await mkdtemp(join(tmpdir(), "nself-histories-"))
afterAll(() => rm(root, { recursive: true, force: true }))

let opened = 0
const shadows: Shadows = { key: "test", embedded: true, open: () => (opened++, openShadow()), close: async () => {} }
const place = { root, version: "1", shadows }
const files = [migration(1, "create table a (id int primary key)"), migration(2, "create table b (id int references a)"), migration(3, "create view v as select id from b")]

test("300 migrations are replayed once, with one shadow for every version asked for, and never again while their checksums stay", async () => {
  const many = [...files, ...Array.from({ length: 297 }, (_, i) => migration(i + 4, `create table t${i} (id int)`))]
  const [two, all] = await historiesOf(place, [many.slice(0, 2), many])
  expect([two!.catalog.objects.has("view:v"), all!.catalog.objects.has("view:v"), all!.catalog.objects.has("table:t296"), opened]).toEqual([false, true, true, 1])
  const again = await historiesOf(place, [many.slice(0, 2), many])
  expect([again, opened]).toEqual([[two!, all!], 1])
}, 60_000)

test("another text, another engine or another nself is another key; a broken cache file is only slower", async () => {
  const before = opened
  await historyOf(place, [files[0]!])
  await historyOf(place, [migration(1, "create table a (id bigint primary key)")])
  await historyOf({ ...place, version: "2" }, [files[0]!])
  await historyOf({ ...place, shadows: { ...shadows, key: "other" } }, [files[0]!])
  expect(opened - before).toBe(4)
  for (const name of await readdir(join(root, ".nself/cache"))) await writeFile(join(root, ".nself/cache", name), "x")
  expect((await historyOf(place, [files[0]!])).catalog.objects.has("table:a")).toBe(true)
}, 60_000)
