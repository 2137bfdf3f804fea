/** Pain 2: a failed migration exits 0, or says nothing. */
import { describe, expect, test } from "bun:test"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ledger, site } from "../../support/site.ts"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test.each<[string, string, string]>([
    ["an unknown type", "CREATE TABLE a (\n  id uuidd\n);\n", "migrations/0002_bad.sql:2:6: type \"uuidd\" does not exist"],
    ["a duplicate key, with its detail", "INSERT INTO one VALUES (1);\nINSERT INTO one VALUES (1);\n", "migrations/0002_bad.sql:2:1: duplicate key value"],
    ["what a function raises, with its context", "DO $$\nBEGIN\n  RAISE EXCEPTION 'no' USING HINT = 'do not';\nEND $$;\n", "PostgreSQL's hint: do not"],
    ["a deferred constraint, at COMMIT", "CREATE TABLE b (n int REFERENCES one DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (9);\n", "PostgreSQL said so at COMMIT"],
    ["a statement of its own", "CREATE INDEX CONCURRENTLY i ON missing (n);\n", "migrations/0002_bad.sql:1:"],
    ["a procedure that commits", "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\nCALL p();\n", "SQLSTATE 2D000"],
  ])("%s: exit 1, file, line, PostgreSQL's words, what it means; the rest is named as not tried", async (_, text, words) => {
    await using at = await site(major, { "0001_ok.sql": "CREATE TABLE one (n int PRIMARY KEY);\n", "0002_bad.sql": text, "0003_next.sql": "SELECT 1;\n" })
    const { exit, stdout, stderr } = await at.run("db migrate up")
    expect([exit, stdout]).toEqual([1, expect.stringContaining("Applying 0002_bad.sql ... failed")])
    expect(stderr).toContain(words)
    expect(stderr).toContain("SQLSTATE")
    expect(stderr).toContain("hint:")
    const json = JSON.parse((await at.run("db migrate up --json")).stdout)
    expect([json.error.exit_code, json.data.steps.map((step: { state: string }) => step.state)]).toEqual([1, ["failed", "skipped"]])
    expect((await ledger(at))[0]).toBe("1 applied")
  })
})
