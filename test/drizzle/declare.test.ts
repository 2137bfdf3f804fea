import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { PGlite } from "@electric-sql/pglite"
import * as core from "drizzle-orm"
import * as pg from "drizzle-orm/pg-core"
import type { CutName } from "../../src/drizzle/declared.ts"
import { declare, entityKind, type Entities } from "../../src/drizzle/declare.ts"
import { needsParens } from "../../src/drizzle/expression.ts"
import { cutToBytes, namesOf } from "../../src/drizzle/name.ts"
import { constant } from "../../src/drizzle/value.ts"
import { writerFor } from "../../src/drizzle/writer.ts"

const { sql, eq, gt, and, inArray } = core
const {
  pgTable, pgSchema, pgEnum, pgView, pgMaterializedView, pgPolicy, pgRole, customType, check, foreignKey, index, primaryKey, unique, uniqueIndex,
  text, integer, bigint, boolean, uuid, timestamp, date, json, jsonb, numeric, serial, varchar, bigserial,
} = pg

/** DDL of a schema given as a module's exports. */
function ddlOf(exports: Record<string, unknown>, casing?: "snake_case" | "camelCase"): { statements: string[]; cut: readonly CutName[] } {
  const w = writerFor({ core, pg, version: "0.45.4" }, casing)
  const of = (kind: keyof Entities) => Object.values(exports).filter(value => entityKind(w, value) === kind)
  const kinds = ["schemas", "enums", "sequences", "tables", "views", "materializedViews", "policies", "roles"] as const
  const statements = declare(w, Object.fromEntries(kinds.map(kind => [kind, of(kind)])) as unknown as Entities)
  return { statements, cut: w.names.cut() }
}

let db: PGlite
beforeAll(async () => { db = await PGlite.create() }, 60_000)
afterAll(() => db.close())

/** Runs each schema in a transaction that is taken back: the next starts from nothing. Roles and all. */
async function applied<T>(exports: Record<string, unknown>, ask: string, casing?: "snake_case" | "camelCase"): Promise<T[]> {
  await db.exec("BEGIN")
  try {
    for (const statement of ddlOf(exports, casing).statements) {
      await db.exec(statement).catch((error: Error) => { throw new Error(`${error.message}\n${statement}`) })
    }
    return (await db.query<T>(ask)).rows
  } finally {
    await db.exec("ROLLBACK")
  }
}

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" })
const DEFAULTS = "select a.attname as name, pg_get_expr(d.adbin, d.adrelid) as value from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum join pg_class c on c.oid = d.adrelid where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by a.attnum"

test("every default reads back as the value that was meant", async () => {
  const mood = pgEnum("mood", ["ok", "it's", 'a "b"', "back\\slash"])
  const t = pgTable("t", {
    quote: text("quote").default("it's \\ \"x\""),
    empty: text("empty").default(""),
    number: integer("number").default(-5),
    big: bigint("big", { mode: "bigint" }).default(9007199254740993n),
    yes: boolean("yes").default(false),
    texts: text("texts").array().default(["a", "b,c", 'd"e', "it's", "f\\g", "NULL", ""]),
    none: text("none").array().default([]),
    grid: integer("grid").array().array().default([[1, 2], [3, 4]]),
    moods: mood("moods").array().default(["it's", "ok"]),
    mood: mood("mood").default("back\\slash"),
    json: json("json").default({ a: "it's", b: [1, null] }),
    jsonb: jsonb("jsonb").default([{ x: 'q"' }]),
    json_text: jsonb("json_text").default("{}"),
    json_word: jsonb("json_word").default("it's"),
    at: timestamp("at").default(new Date("2020-01-02T03:04:05.678Z")),
    atz: timestamp("atz", { withTimezone: true }).default(new Date("2020-01-02T03:04:05.678Z")),
    day: date("day", { mode: "date" }).default(new Date("2020-01-02T00:00:00Z")),
    money: numeric("money", { precision: 10, scale: 2 }).default("-1.50"),
    bytes: bytea("bytes").default(new Uint8Array([0, 255])),
    later: timestamp("later").default(sql`now() + interval '1 day'`),
    param: text("param").default(sql`upper(${"it's"})`),
  })
  const rows = await applied<Record<string, unknown>>({ mood, t }, "insert into t default values returning *, big::text as big_text, at::text as at_text, atz at time zone 'utc' = '2020-01-02 03:04:05.678' as atz_right, day::text as day_text")
  expect(rows[0]).toMatchObject({
    quote: "it's \\ \"x\"", empty: "", number: -5, big_text: "9007199254740993", yes: false,
    texts: ["a", "b,c", 'd"e', "it's", "f\\g", "NULL", ""], none: [], grid: [[1, 2], [3, 4]], mood: "back\\slash",
    json: { a: "it's", b: [1, null] }, jsonb: [{ x: 'q"' }], json_text: {}, json_word: "it's", at_text: "2020-01-02 03:04:05.678", atz_right: true, day_text: "2020-01-02",
    money: "-1.50", bytes: new Uint8Array([0, 255]), param: "IT'S",
  })
  const defaults = await applied<{ name: string; value: string }>({ mood, t }, DEFAULTS)
  expect(defaults).toHaveLength(21)
})

test("the spec's np_documents", () => {
  const npUsers = pgTable("np_users", { id: uuid("id").primaryKey().defaultRandom() })
  const npDocuments = pgTable("np_documents", {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").notNull().references(() => npUsers.id, { onDelete: "restrict" }),
    deletedAt: timestamp("deleted_at", { withTimezone: true }),
  }, t => [index("idx_np_documents_user").on(t.userId).where(sql`deleted_at IS NULL`)])
  expect(ddlOf({ npUsers, npDocuments }).statements.slice(-2)).toEqual([
    'CREATE TABLE "np_documents" (\n\t"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,\n\t"user_id" uuid NOT NULL,\n\t"deleted_at" timestamptz,\n\tCONSTRAINT "np_documents_user_id_np_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "np_users"("id") ON DELETE RESTRICT\n);',
    'CREATE INDEX "idx_np_documents_user" ON "np_documents" ("user_id") WHERE deleted_at IS NULL;',
  ])
})

test("a foreign key stands inside its table where its target can be made before, behind all tables where they point at each other, or at a unique index", () => {
  const late = pgTable("late", { id: integer("id").primaryKey(), code: integer("code").notNull() }, t => [uniqueIndex("late_code").on(t.code)])
  const early = pgTable("early", { id: integer("id").primaryKey(), late: integer("late").references(() => late.id), self: integer("self").references((): pg.AnyPgColumn => early.id) })
  const last = pgTable("last", { late: integer("late").references(() => late.id), code: integer("code").references(() => late.code) })
  const hen = pgTable("hen", { id: integer("id").primaryKey(), egg: integer("egg").references((): pg.AnyPgColumn => egg.id) })
  const egg = pgTable("egg", { id: integer("id").primaryKey(), hen: integer("hen").references(() => hen.id) })
  const { statements } = ddlOf({ early, late, last, hen, egg })
  expect(statements.flatMap(one => /^CREATE TABLE "(\w+)"/.exec(one)?.[1] ?? [])).toEqual(["late", "early", "last", "egg", "hen"])
  expect(statements.filter(one => one.includes("FOREIGN KEY")).map(one => `${one.split(" (")[0]!.split(" ADD")[0]}: ${[...one.matchAll(/CONSTRAINT "(\w+)" FOREIGN/g)].map(found => found[1])}`)).toEqual([
    'CREATE TABLE "early": early_late_late_id_fk,early_self_early_id_fk', 'CREATE TABLE "last": last_late_late_id_fk', 'CREATE TABLE "hen": hen_egg_egg_id_fk',
    'ALTER TABLE "last": last_code_late_code_fk', 'ALTER TABLE "egg": egg_hen_hen_id_fk',
  ])
})

test("columns of a key of several are NOT NULL, as PostgreSQL has them", () => {
  const both = pgTable("both", { a: integer("a"), b: integer("b"), c: integer("c") }, t => [primaryKey({ columns: [t.a, t.b] })])
  expect(ddlOf({ both }).statements).toEqual(['CREATE TABLE "both" (\n\t"a" integer NOT NULL,\n\t"b" integer NOT NULL,\n\t"c" integer,\n\tCONSTRAINT "both_a_b_pk" PRIMARY KEY("a","b")\n);'])
})

test("constraints of every kind", async () => {
  const a = pgTable("a", { x: integer("x"), y: text("y"), z: text("z").unique("z_once", { nulls: "not distinct" }) }, t => [
    primaryKey({ columns: [t.x, t.y], name: "a_key" }),
    unique().on(t.y, t.z).nullsNotDistinct(),
    check("x_positive", sql`${t.x} > ${0} and ${t.y} <> ${"it's"}`),
    check("x_in", inArray(t.x, [1, 2, 3])),
  ])
  const b = pgTable("b", { ax: integer("ax"), ay: text("ay"), self: integer("self") }, t => [
    foreignKey({ columns: [t.ax, t.ay], foreignColumns: [a.x, a.y], name: "b_to_a" }).onDelete("cascade").onUpdate("set null"),
    unique("self_once").on(t.self),
    foreignKey({ columns: [t.self], foreignColumns: [t.self] }).onDelete("set default"),
  ])
  const rows = await applied<{ name: string; def: string }>({ a, b }, "select conname as name, pg_get_constraintdef(oid) as def from pg_constraint where conrelid in ('a'::regclass, 'b'::regclass) and contype <> 'n' order by 1")
  expect(Object.fromEntries(rows.map(row => [row.name, row.def]))).toEqual({
    a_key: "PRIMARY KEY (x, y)",
    a_y_z_unique: "UNIQUE NULLS NOT DISTINCT (y, z)",
    b_self_b_self_fk: "FOREIGN KEY (self) REFERENCES b(self) ON DELETE SET DEFAULT",
    b_to_a: "FOREIGN KEY (ax, ay) REFERENCES a(x, y) ON UPDATE SET NULL ON DELETE CASCADE",
    self_once: "UNIQUE (self)",
    x_in: "CHECK ((x = ANY (ARRAY[1, 2, 3])))",
    x_positive: "CHECK (((x > 0) AND (y <> 'it''s'::text)))",
    z_once: "UNIQUE NULLS NOT DISTINCT (z)",
  })
})

test("indexes of every kind", async () => {
  const t = pgTable("t", { a: text("a"), b: integer("b"), c: integer("c"), tags: text("tags").array(), doc: jsonb("doc") }, t => [
    uniqueIndex("u").on(t.a).where(eq(t.a, "it's")),
    index("ordered").on(t.a.desc().nullsFirst(), t.b.asc().nullsFirst(), t.c.desc()),
    index("op").on(t.a.op("text_pattern_ops").desc().nullsFirst()),
    index("gin").using("gin", t.tags),
    index("path").using("gin", t.doc.op("jsonb_path_ops")),
    index("lower").on(sql`lower(${t.a})`),
    index("concat").on(sql`${t.a} || ${"x"}`, t.b),
    index("arrow").on(sql`${t.doc}->>'k'`),
    index("fill").on(t.b).with({ fillfactor: 70 }).concurrently(),
    index().on(t.a, t.b),
    index("hash").using("hash", t.b),
    index("range").on(t.b).where(and(gt(t.b, 5), sql`${t.a} is not null`)!),
  ])
  const rows = await applied<{ def: string }>({ t }, "select pg_get_indexdef(indexrelid, 0, true) as def from pg_index where indrelid = 't'::regclass order by indexrelid")
  expect(rows.map(row => row.def)).toEqual([
    "CREATE UNIQUE INDEX u ON t USING btree (a) WHERE a = 'it''s'::text",
    "CREATE INDEX ordered ON t USING btree (a DESC, b NULLS FIRST, c DESC NULLS LAST)",
    "CREATE INDEX op ON t USING btree (a text_pattern_ops DESC)",
    "CREATE INDEX gin ON t USING gin (tags)",
    "CREATE INDEX path ON t USING gin (doc jsonb_path_ops)",
    "CREATE INDEX lower ON t USING btree (lower(a))",
    "CREATE INDEX concat ON t USING btree ((a || 'x'::text), b)",
    "CREATE INDEX arrow ON t USING btree ((doc ->> 'k'::text))",
    "CREATE INDEX fill ON t USING btree (b) WITH (fillfactor='70')",
    "CREATE INDEX t_a_b_index ON t USING btree (a, b)",
    "CREATE INDEX hash ON t USING hash (b)",
    "CREATE INDEX range ON t USING btree (b) WHERE b > 5 AND a IS NOT NULL",
  ])
})

test("schemas, types, sequences, identity, generated columns, quotes in names", async () => {
  const app = pgSchema("my app")
  const mood = app.enum("Mood", ["a", "b"])
  const hidden = pgEnum("hidden", ["x"])
  const counter = app.sequence("counter", { startWith: 10, increment: 2, minValue: "1", maxValue: "9000000000000000000", cache: 3, cycle: true })
  const t = app.table('qu"ote', {
    id: integer("id").generatedAlwaysAsIdentity({ name: "own_seq", startWith: 100 }).primaryKey(),
    other: bigint("other", { mode: "number" }).generatedByDefaultAsIdentity(),
    mood: mood("mo'od").default("a").notNull(),
    moods: mood("moods").array(),
    hidden: hidden("hid\"den"),
    name: varchar("name", { length: 10 }),
    upper: text("upper").generatedAlwaysAs((): core.SQL => sql`upper(${t.name})`),
    n: serial("n"), m: bigserial("m", { mode: "number" }),
  }, t => [index("in\"dex").on(t.hidden)])
  const rows = await applied<Record<string, string>>({ app, mood, counter, t }, `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attidentity as identity, a.attgenerated as generated from pg_attribute a where attrelid = '"my app"."qu""ote"'::regclass and attnum > 0 order by attnum`)
  expect(rows.map(row => [row["name"], row["type"], row["identity"], row["generated"]].join("|"))).toEqual([
    "id|integer|a|", "other|bigint|d|", 'mo\'od|"my app"."Mood"||', 'moods|"my app"."Mood"[]||', 'hid"den|hidden||', "name|character varying(10)||",
    "upper|text||s", "n|integer||", "m|bigint||",
  ])
  expect(await applied<Record<string, unknown>>({ app, mood, counter, t }, "select sequencename, start_value::int, increment_by::int, cycle from pg_sequences where sequencename in ('counter', 'own_seq') order by 1")).toEqual([
    { sequencename: "counter", start_value: 10, increment_by: 2, cycle: true }, { sequencename: "own_seq", start_value: 100, increment_by: 1, cycle: false },
  ])
})

test("views, with their parameters written in", async () => {
  const t = pgTable("t", { id: integer("id").primaryKey(), name: text("name"), big: bigint("big", { mode: "bigint" }), at: timestamp("at") })
  const built = pgView("built").with({ securityInvoker: true, checkOption: "cascaded" }).as(qb => qb.select().from(t).where(and(eq(t.name, "it's"), gt(t.big, 9007199254740993n), gt(t.at, new Date("2020-01-01T00:00:00Z")))))
  const raw = pgView("raw", { id: integer("id") }).as(sql`select ${t.id} from ${t} where ${t.name} <> ${"x;"};`)
  const mat = pgMaterializedView("mat").with({ fillfactor: 80 } as never).withNoData().as(qb => qb.select({ id: t.id, n: sql<number>`count(*)`.as("n") }).from(t).groupBy(t.id))
  const existing = pgView("there_already", { id: integer("id") }).existing()
  const rows = await applied<{ name: string; options: string[] | null }>({ t, built, raw, mat, existing }, "select relname as name, reloptions as options from pg_class where relkind in ('v','m') and relnamespace = 'public'::regnamespace order by 1")
  expect(rows).toEqual([
    { name: "built", options: ["security_invoker=true", "check_option=cascaded"] }, { name: "mat", options: ["fillfactor=80"] }, { name: "raw", options: null },
  ])
})

test("roles, row level security and policies", async () => {
  const admin = pgRole("ad'min", { createDb: true, inherit: false })
  const t = pgTable("t", { id: integer("id"), owner: text("owner") }, t => [
    pgPolicy("own rows", { as: "restrictive", for: "update", to: [admin, "authenticated"], using: sql`${t.owner} = current_user`, withCheck: sql`${t.id} > ${1}` }),
    pgPolicy("all", { to: "public" }),
  ])
  const bare = pgTable("bare", { id: integer("id") }).enableRLS()
  const linked = pgPolicy("linked", { for: "select", to: "current_user", using: sql`true` }).link(bare)
  const rows = await applied<Record<string, unknown>>({ admin, t, bare, linked }, "select tablename || '.' || policyname as name, permissive, roles::text as roles, cmd, qual, with_check from pg_policies order by 1")
  expect(rows).toEqual([
    { name: "bare.linked", permissive: "PERMISSIVE", roles: expect.any(String), cmd: "SELECT", qual: "true", with_check: null },
    { name: "t.all", permissive: "PERMISSIVE", roles: "{public}", cmd: "ALL", qual: null, with_check: null },
    { name: "t.own rows", permissive: "RESTRICTIVE", roles: expect.stringContaining("authenticated"), cmd: "UPDATE", qual: "(owner = CURRENT_USER)", with_check: "(id > 1)" },
  ])
  expect(await applied({ admin, t, bare }, "select relname from pg_class where relrowsecurity order by 1")).toEqual([{ relname: "bare" }, { relname: "t" }])
})

test("casing is honoured in names, keys, indexes, checks and foreign keys", async () => {
  const users = pgTable("users", { userId: integer().primaryKey(), firstName: text().unique() }, t => [check("c", sql`${t.firstName} <> ''`), index().on(t.firstName)])
  const posts = pgTable("posts", { authorId: integer().references(() => users.userId) })
  const rows = await applied<{ name: string }>({ users, posts }, "select attname as name from pg_attribute where attrelid in ('users'::regclass, 'posts'::regclass) and attnum > 0 order by 1", "snake_case")
  expect(rows.map(row => row.name)).toEqual(["author_id", "first_name", "user_id"])
  expect(ddlOf({ users, posts }, "snake_case").statements.slice(-2)).toEqual([
    'CREATE TABLE "posts" (\n\t"author_id" integer,\n\tCONSTRAINT "posts_author_id_users_user_id_fk" FOREIGN KEY ("author_id") REFERENCES "users"("user_id")\n);',
    'CREATE INDEX "users_first_name_index" ON "users" ("first_name");',
  ])
})

describe("long names", () => {
  const long = "n".repeat(70)
  test("are cut as PostgreSQL would, by bytes, and said", async () => {
    const t = pgTable("t", { id: integer("id") }, t => [index(long).on(t.id), index(`${long}x`).on(t.id)])
    const { cut } = ddlOf({ t })
    expect(cut).toHaveLength(2)
    const rows = await applied<{ name: string }>({ t }, "select indexrelid::regclass::text as name from pg_index where indrelid = 't'::regclass order by indexrelid")
    expect(rows.map(row => row.name)).toEqual(["n".repeat(63), `${"n".repeat(61)}_2`])
  })
  test("are cut alike for an index and a foreign key that begin alike: PostgreSQL keeps them apart (a public project's constraint was to be renamed)", async () => {
    const long = "job_verification_metric_measurement_job_verification_metric_status_id"
    const cut = long.slice(0, 63)
    const names = "select conname as name from pg_constraint where conrelid = 't'::regclass and contype in ('f', 'c', 'u') union all select relname from pg_class where relkind = 'i' and relname ~ '^job' order by name"
    const two = pgTable("t", { id: integer("id").primaryKey(), other: integer("other") }, t => [index(`${long}_index`).on(t.id), foreignKey({ name: `${long}_fk`, columns: [t.other], foreignColumns: [t.id] })])
    expect(await applied({ t: two }, names)).toEqual([{ name: cut }, { name: cut }])
    const all = pgTable("t", { id: integer("id").primaryKey(), other: integer("other").unique(`${long}_u`) }, t => [
      foreignKey({ name: `${long}_fk`, columns: [t.other], foreignColumns: [t.id] }), check(`${long}_check`, sql`${t.id} > 0`),
    ])
    const constraints = await applied<{ name: string }>({ t: all }, "select conname as name from pg_constraint where conrelid = 't'::regclass and contype in ('f', 'c', 'u')")
    expect(constraints.map(row => row.name).toSorted()).toEqual([`${long.slice(0, 61)}_2`, `${long.slice(0, 61)}_3`, cut])
  })
  test("never end in half a character", () => {
    expect(cutToBytes("é".repeat(40), 63)).toBe("é".repeat(31))
    expect(namesOf().keep("short")).toBe("short")
  })
  test("a short name that a cut one would take stays whole", () => {
    const names = namesOf()
    expect(names.keep(long)).not.toBe(names.keep(`${long}y`))
    expect(names.keep(long)).toBe(names.keep(long))
  })
})

test.each([
  ["lower(a)", false], ['"a"', false], ["(a || b)", false], ["a || b", true], ["a->>'x'", true], ["lower(a) || 'x'", true], ["a DESC NULLS LAST", false],
  ["a text_pattern_ops", false], ['"a-b"', false], ["a::text", true], ["a is null", true], ["coalesce(a, 'x - y')", false], ["(a) || (b)", true],
])("parentheses around %s: %p", (text, needed) => expect(needsParens(text)).toBe(needed))

test.each([
  [null, "NULL"], [-1, "(-1)"], [1.5, "1.5"], [Number.NaN, "'NaN'"], [10n, "10"], ["a\\b'", "E'a\\\\b'''"], [[1, null, "x"], `'{1,NULL,"x"}'`], [new Date(0), "'1970-01-01T00:00:00.000Z'"],
  [{ a: "'" }, `'{"a":"''"}'`],
] as [unknown, string][])("%p as a constant", (value, want) => expect(constant(value)).toBe(want))
