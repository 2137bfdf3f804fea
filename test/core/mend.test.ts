import { expect, test } from "bun:test"
import { mend, withoutHome } from "../../src/core/mend.ts"

test("a statement without its semicolon in front of a breakpoint gets one, comments and letters of two bytes notwithstanding", async () => {
  const { text, notes } = await mend("create table é (id int) -- the é table\n--> statement-breakpoint\ncreate table b (id int);--> statement-breakpoint\n\n--> statement-breakpoint\ncreate table c (id int)", false)
  expect(text).toBe("create table é (id int); -- the é table\n--> statement-breakpoint\ncreate table b (id int);--> statement-breakpoint\n\n--> statement-breakpoint\ncreate table c (id int)")
  expect(notes).toEqual(["1 statement had no semicolon in front of a breakpoint"])
})

test("BEGIN and COMMIT around everything are taken out", async () => {
  const { text, notes } = await mend("-- head\nBEGIN;\ncreate table a (id int);\nCOMMIT ;\n", false)
  expect(text).toBe("-- head\n-- BEGIN: nself runs the file in one transaction\n\ncreate table a (id int);\n-- COMMIT: nself runs the file in one transaction\n\n")
  expect(notes).toEqual(["its BEGIN and COMMIT were taken out: nself runs it in one transaction"])
})

const BY_STATEMENT = "runs statement by statement, because it begins and ends transactions itself"

test.each<[string, string, string]>([
  ["a transaction around a part", "BEGIN;\ncreate table a (id int);\nCOMMIT;\ncreate index concurrently i on a (id);\n", "BEGIN;\ncreate table a (id int);\nCOMMIT;\ncreate index concurrently i on a (id);\n"],
  ["a COMMIT that ends the tool's own transaction", "-- x\ncreate table a (id int);\nCOMMIT;\ncreate index concurrently i on a (id);\n", "-- x\nBEGIN;\ncreate table a (id int);\nCOMMIT;\ncreate index concurrently i on a (id);\n"],
  ["a COMMIT in front of everything", "COMMIT;\ncreate index concurrently i on a (id);\n", "-- COMMIT\n\ncreate index concurrently i on a (id);\n"],
  ["COMMIT and BEGIN around the middle", "create table a (id int);\nCOMMIT;\nvacuum a;\nBEGIN;\ncreate table b (id int)", "BEGIN;\ncreate table a (id int);\nCOMMIT;\nvacuum a;\nBEGIN;\ncreate table b (id int);\nCOMMIT;\n"],
  ["a BEGIN for nobody at the end", "COMMIT;\nvacuum a;\nBEGIN;\n", "-- COMMIT\n\nvacuum a;\n-- BEGIN\n\n"],
])("%s: the file runs statement by statement, its transactions whole", async (_, sql, expected) => {
  expect(await mend(sql, false)).toEqual({ text: `-- nself:no-transaction\n${expected}`, notes: [BY_STATEMENT] })
})

test("what cannot be made whole is said", async () => {
  const { notes } = await mend("create table a (id int);\nROLLBACK;\nCOMMIT;\n", false)
  expect(notes).toEqual([BY_STATEMENT, "nself up will refuse its ROLLBACK: write the file anew before it has to run on a new database"])
})

test("a role is made only where the cluster does not have it", async () => {
  const { text } = await mend("create role a nologin;\nselect 1;", false)
  expect(text).toBe("DO $nself$ BEGIN\n  create role a nologin;\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $nself$;\nselect 1;")
})

test("an ordinary file stays as it is, byte for byte", async () => {
  const sql = "CREATE TABLE a (id int);\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY i ON a (id);\n"
  expect(await mend(sql, false)).toEqual({ text: sql, notes: [] })
})

test("the home schema's name goes, but not out of texts, bodies and other names", async () => {
  const sql = `ALTER TABLE "public"."a" ADD CONSTRAINT x FOREIGN KEY (b) REFERENCES public.b(id); -- "public".c\nselect 'public.a', x.public.y, $$ "public".a $$, "public" from public . d;`
  expect(await withoutHome(sql, "public")).toBe(`ALTER TABLE "a" ADD CONSTRAINT x FOREIGN KEY (b) REFERENCES b(id); -- "public".c\nselect 'public.a', x.public.y, $$ "public".a $$, "public" from d;`)
})
