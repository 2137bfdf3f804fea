import { expect, test } from "bun:test"
import { sharedBeginning } from "../../src/core/same-statements.ts"

const keywords = async (): Promise<ReadonlySet<string>> => new Set(["create", "table", "position", "check", "user", "role", "interval", "select"])

const same: readonly (readonly [string, string])[] = [
  ['CREATE TABLE "a" (\n\t"id" serial PRIMARY KEY NOT NULL\n);', 'CREATE TABLE "a" (\n  "id" serial PRIMARY KEY NOT NULL\n)'],
  ['CREATE TABLE a (n numeric(10, 2), CONSTRAINT c CHECK (position >= 0))', 'CREATE TABLE "a" ("n" numeric(10,2), CONSTRAINT "c" CHECK ("position" >= 0))'],
  ["CREATE INDEX i ON t (a) WHERE a is not null", 'CREATE INDEX "i"\n  ON "t" USING btree ("a")\n  WHERE a IS NOT NULL'],
  ["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ x  y $$", "CREATE FUNCTION f()\n RETURNS trigger\n LANGUAGE plpgsql\nAS $function$ x  y $function$"],
  ["CREATE TYPE \"m\" AS ENUM('a', 'b''c')", "CREATE TYPE m AS ENUM ('a', 'b''c');"],
  ["this is no SQL", "this is no SQL"],
  ['CREATE TABLE "a" ("m" "mood", "r" "role")', "CREATE TABLE a (m mood, r role)"],
  ['CREATE TABLE a (b int REFERENCES "s"."t"("id"))', "CREATE TABLE a (b int REFERENCES s.t (id))"],
  ['CREATE TABLE A ("B" int)', 'create table a ("B" INT)'],
]
test.each(same)("the same to PostgreSQL: %s", async (a, b) => {
  expect(await sharedBeginning([a], [b], keywords)).toBe(1)
})

const other: readonly (readonly [string, string])[] = [
  ["CREATE TABLE a (t text DEFAULT 'a  b')", "CREATE TABLE a (t text DEFAULT 'a b')"],
  ["CREATE TABLE a (t text DEFAULT 'a( b')", "CREATE TABLE a (t text DEFAULT 'a(b')"],
  ['CREATE TABLE "a b" ()', 'CREATE TABLE "a  b" ()'],
  ["CREATE TABLE A ()", 'CREATE TABLE "A" ()'],
  ["CREATE TABLE Ä ()", "CREATE TABLE ä ()"],
  ["CREATE TABLE a (t text DEFAULT 'A')", "CREATE TABLE a (t text DEFAULT 'a')"],
  ["CREATE TABLE a (t text DEFAULT E'\\'( x')", "CREATE TABLE a (t text DEFAULT E'\\'(x')"],
  ["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ x  y $$", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ x y $$"],
  ["CREATE TABLE a (n numeric CHECK (n > 0))", "CREATE TABLE a (n numeric CHECK (n > 0::numeric))"],
  ["CREATE TABLESPACE a LOCATION '/x'", "CREATE TABLESPACE a LOCATION '/y'"],
  ['SELECT x"a"', "SELECT xa"],
  ['SELECT "x""a"', 'SELECT "x" "a"'],
  ["SELECT a @> b", "SELECT a @ > b"],
  ["SELECT B'1'", "SELECT b '1'"],
  ["SELECT \"interval\" '1'", "SELECT interval '1'"],
  ['SELECT "user"', "SELECT user"],
  ['SELECT "aB"', "SELECT aB"],
  ["SELECT 1.5", "SELECT 1 .5"],
  ["SELECT 1e5", "SELECT 1 e5"],
  ["SELECT 'a' 'b'", "SELECT 'a''b'"],
  ["SELECT 'a'\n'b'", "SELECT 'a' 'b'"],
  ["CREATE TABLE a (n int)", "CREATE TABLE a (n int NOT NULL)"],
  ["CREATE TABLE a (t text) -- x", "CREATE TABLE a (t text, u text) -- x"],
  ["this is no SQL", "this is  no SQL either"],
  ["CREATE TABLE a (); CREATE TABLE b ()", "CREATE TABLE a ()"],
]
test.each(other)("not the same: %s", async (a, b) => {
  expect(await sharedBeginning([a], [b], keywords)).toBe(0)
})

test("counts to the first that differs, and to the end of the shorter list", async () => {
  expect(await sharedBeginning(["select 1", "select 2", "select 3"], ["SELECT 1", "select 2", "select 4"], keywords)).toBe(2)
  expect(await sharedBeginning(["select 1"], ["select 1", "select 2"], keywords)).toBe(1)
  expect(await sharedBeginning([], ["select 1"], keywords)).toBe(0)
})
