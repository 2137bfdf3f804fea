import { afterAll, beforeAll, expect, test } from "bun:test"
import { cp, mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const ROOT = resolve(import.meta.dir, "../..")
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "nself-generate-"))
  await cp(join(ROOT, "examples/app/drizzle.config.ts"), join(dir, "drizzle.config.ts"))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function generate(words: string): Promise<{ out: string; err: string; code: number }> {
  const child = Bun.spawn([process.execPath, join(ROOT, "src/main.ts"), "db", "migrate", "generate", ...words.split(" ")], { cwd: dir, stdout: "pipe", stderr: "pipe", stdin: "ignore" })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { out, err, code: await child.exited }
}
const schema = (text: string) => Bun.write(join(dir, "src/db/schema/all.ts"), `import { pgTable, pgEnum, uuid, text, integer, timestamp, index } from "drizzle-orm/pg-core"\nimport { sql } from "drizzle-orm"\n${text}`)
const file = (name: string) => Bun.file(join(dir, "migrations", name)).text()
/** Without comments and with every run of white space as one blank: what PostgreSQL sees. */
const bare = (sql: string) => sql.split("\n").filter(line => !line.startsWith("--")).join(" ").replace(/\s+/g, " ").replaceAll("( ", "(").replaceAll(" )", ")").trim()

const USERS = `export const users = pgTable("np_users", { id: uuid("id").primaryKey().defaultRandom(), email: text("email").notNull() })\n`
const DOCUMENTS = `export const documents = pgTable("np_documents", {
  id: uuid("id").primaryKey().defaultRandom(),
  sourceAccountId: text("source_account_id").notNull().default("primary"),
  tenantId: uuid("tenant_id"),
  userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "restrict" }),
  title: text("title").notNull(),
  body: text("body"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  deletedAt: timestamp("deleted_at", { withTimezone: true }),
}, t => [index("idx_np_documents_user").on(t.userId), index("idx_np_documents_source_active").on(t.sourceAccountId, t.userId).where(sql\`deleted_at IS NULL\`)])\n`

/** Word for word from the user's text, white space aside. */
const SPEC = `CREATE TABLE "np_documents" (
"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
"source_account_id" text DEFAULT 'primary' NOT NULL,
"tenant_id" uuid,
"user_id" uuid NOT NULL,
"title" text NOT NULL,
"body" text,
"created_at" timestamptz DEFAULT now() NOT NULL,
"updated_at" timestamptz DEFAULT now() NOT NULL,
"deleted_at" timestamptz,
CONSTRAINT "np_documents_user_id_np_users_id_fk"
FOREIGN KEY ("user_id") REFERENCES "np_users"("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_np_documents_user" ON "np_documents" ("user_id");
CREATE INDEX "idx_np_documents_source_active"
ON "np_documents" ("source_account_id","user_id")
WHERE deleted_at IS NULL;`
const TRIGGER = `CREATE TRIGGER "np_documents_updated_at"
BEFORE UPDATE ON "np_documents"
FOR EACH ROW EXECUTE FUNCTION np_set_updated_at();`

test("the spec's np_documents comes out word for word, with its way back", async () => {
  await schema(USERS)
  expect((await generate("--name initial")).code).toBe(0)
  await schema(USERS + DOCUMENTS)
  expect(await generate("--name add_documents_table")).toMatchObject({ code: 0 })
  const up = bare(await file("0002_add_documents_table.sql"))
  expect(up.startsWith(bare(SPEC))).toBe(true)
  expect(up.endsWith(bare(TRIGGER))).toBe(true)
  expect(await file("0002_add_documents_table.down.sql")).toContain(`DROP TABLE IF EXISTS "np_documents";`)
  expect((await readdir(join(dir, "migrations/meta"))).toSorted()).toEqual(["0001_snapshot.json", "0002_snapshot.json", "_journal.json"])
}, 120_000)

test("a second generate has nothing to do, and --check agrees", async () => {
  expect(await generate("--name again")).toMatchObject({ code: 0, out: expect.stringContaining("Nothing to generate") })
  expect((await generate("--check")).code).toBe(0)
}, 120_000)

test("a rename is never guessed without a terminal, and keeps the values when it is named", async () => {
  const renamed = USERS.replace(`email: text("email")`, `mail: text("mail")`)
  await schema(renamed + DOCUMENTS)
  expect((await generate("--check")).code).not.toBe(0)
  const refused = await generate("--name rename_email")
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("--rename np_users.email=np_users.mail") })
  expect((await generate("--name rename_email --rename np_users.email=np_users.mail")).code).toBe(0)
  expect(bare(await file("0003_rename_email.sql"))).toBe(`ALTER TABLE "np_users" RENAME COLUMN "email" TO "mail";`)
  expect(bare(await file("0003_rename_email.down.sql"))).toBe(`ALTER TABLE "np_users" RENAME COLUMN "mail" TO "email";`)
  const again = await generate("--name again --rename np_users.email=np_users.mail") // it was passed over where nothing is new
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining("nothing to rename by --rename np_users.email=np_users.mail") })
}, 120_000)

test("a NOT NULL column without default is not written, with PostgreSQL's reason", async () => {
  await schema(USERS.replace(`email: text("email")`, `age: integer("age").notNull(), mail: text("mail")`) + DOCUMENTS)
  const { code, err } = await generate("--name add_age")
  expect(code).toBe(1)
  expect(err).toContain(`column "age" of relation "np_users" contains null values`)
  expect((await readdir(join(dir, "migrations"))).some(name => name.startsWith("0004"))).toBe(false)
  expect((await generate("--name add_age --assume-empty np_users --dry-run")).out).toContain("--assume-empty")
}, 120_000)

test("a table is not dropped while its declaration still stands unexported in a source file", async () => {
  const renamed = USERS.replace(`email: text("email")`, `mail: text("mail")`)
  await schema(renamed + DOCUMENTS.replace("export const", "const"))
  expect(await generate("--name oops")).toMatchObject({ code: 3, err: expect.stringContaining("np_documents") })
}, 120_000)

test("an enum value that is used in the migration that adds it still works in one transaction", async () => {
  const renamed = USERS.replace(`email: text("email")`, `mail: text("mail")`)
  const mood = (labels: string, value: string) => `export const mood = pgEnum("mood", [${labels}])\nexport const moods = pgTable("np_moods", { id: integer("id").primaryKey(), mood: mood("mood").default("${value}") })\n`
  await schema(renamed + DOCUMENTS + mood(`"ok", "bad"`, "ok"))
  expect((await generate("--name add_moods")).code).toBe(0)
  await schema(renamed + DOCUMENTS + mood(`"ok", "bad", "new"`, "new"))
  expect(await generate("--name add_mood")).toMatchObject({ code: 0 })
}, 120_000)

test("a label that an enum loses is proved on rows that do not have it, and said; rows that do are found before anything is changed", async () => {
  const renamed = USERS.replace(`email: text("email")`, `mail: text("mail")`)
  const moods = (labels: string) => `export const mood = pgEnum("mood", [${labels}])\nexport const moods = pgTable("np_moods", { id: integer("id").primaryKey(), mood: mood("mood").default("new") })\n`
  await schema(renamed + DOCUMENTS + moods(`"bad", "new"`))
  expect(await generate("--name drop_ok")).toMatchObject({ code: 0, out: expect.stringContaining("warning: Fails, and changes nothing, while a row has 'ok' in np_moods.mood.") })
}, 120_000)

test("values that PostgreSQL cannot convert: the hint says how to write the conversion", async () => {
  const renamed = USERS.replace(`id: uuid("id").primaryKey().defaultRandom(), email: text("email")`, `id: integer("id").primaryKey(), mail: text("mail")`)
  await schema(renamed)
  expect(await generate("--name numbers --no-renames")).toMatchObject({ code: 1, err: expect.stringContaining("hint: write the conversion by hand: nself db migrate generate --custom --name <name>, or say that the table has no rows: --assume-empty <table>") })
}, 120_000)
