import { afterEach, expect, test } from "bun:test"
import { nself } from "../support/nself.ts"
import { site, tenantNames, type Site } from "./support.ts"

const sites: Site[] = []
afterEach(async () => void (await Promise.all(sites.splice(0).map(one => one.remove()))))

const FILES = {
  "migrations/0001_base.sql": `CREATE TYPE "mood" AS ENUM ('good', 'bad');
CREATE FUNCTION "stamp"() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TABLE "users" ("id" serial PRIMARY KEY, "mood" "mood" DEFAULT 'good' NOT NULL, "email" text UNIQUE, CONSTRAINT "long" CHECK (length("email") > 3));
CREATE TABLE "docs" ("id" int PRIMARY KEY, "user_id" int REFERENCES "users"("id"), "title" text);
CREATE INDEX "docs_title" ON "docs" (lower("title")) WHERE "title" IS NOT NULL;
CREATE VIEW "titles" AS SELECT "title", "mood" FROM "docs" JOIN "users" ON "users"."id" = "user_id";
CREATE TRIGGER "stamped" BEFORE UPDATE ON "users" FOR EACH ROW EXECUTE FUNCTION "stamp"();
ALTER TABLE "docs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "docs" USING ("user_id" IN (SELECT "id" FROM "users"));\n`,
}

test.each([14] as const)("tenants of one shape are compared once; the odd ones are shown with what differs (PostgreSQL %i)", async major => {
  const names = tenantNames(30)
  const at = await site(names, FILES, major)
  sites.push(at)
  expect((await at.run("db migrate up --all-tenants")).exit).toBe(0)
  const type = (args: string): Promise<string> => nself(at.dir, args, { env: at.env })
  expect(await type("db migrate diff --all-tenants --fail-on-drift")).toBe("$ nself db migrate diff --all-tenants --fail-on-drift\n--- stdout\n30 tenants (schemas tenant_*) in 1 shape.\nNo drift: 30 tenants at version 0001\n--- exit 0")
  await at.sql("alter table tenant_0003.docs drop column title cascade; create table tenant_0004.temp_import (id int); create table tenant_0005.temp_import (id int); drop schema tenant_0006 cascade; create table public.neighbour (id int)")
  const said = await type("db migrate diff --all-tenants --fail-on-drift")
  expect(said).toContain("No drift: 26 tenants at version 0001\n")
  expect(said).toContain("Schema drift at 2 tenants at version 0001: 0004, 0005\n\nExtra in DB (in DB, not in schema):\n  Table: temp_import\n")
  expect(said).toContain("Schema drift at 1 tenant at version 0001: 0003\n\nMissing in DB (in schema, not in DB):\n")
  expect(said).not.toContain("neighbour")
  expect(said).toEndWith("--- exit 5")
  expect((await at.json<{ shapes: { slugs: string[]; sql: string[] }[] }>("db migrate diff --tenant 0004")).data.shapes.map(shape => [shape.slugs, shape.sql])).toEqual([[["0004"], [`DROP TABLE IF EXISTS "temp_import"`]]])
}, 120_000)
