import { expect, test } from "bun:test"
import { guarded } from "../../src/core/guarded.ts"

test("what makes or ends something is guarded, with a tag that the statement does not hold; what only sets something is not", () => {
  expect(guarded(`CREATE INDEX "i" ON "t" ("a")`)).toBe(`DO $nself$ BEGIN\nCREATE INDEX "i" ON "t" ("a");\nEXCEPTION WHEN duplicate_table OR duplicate_column OR duplicate_object OR duplicate_function OR duplicate_schema OR invalid_table_definition THEN NULL;\nEND $nself$`)
  expect(guarded(`ALTER TABLE "a ADD" DROP COLUMN "b"`)).toContain("WHEN undefined_table OR undefined_column")
  expect(guarded("CREATE TYPE t AS ENUM ('$nself$')")).toContain("DO $nself1$ BEGIN")
  for (const plain of [`DROP TABLE IF EXISTS "t"`, "CREATE OR REPLACE VIEW v AS\nSELECT 1", `ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1`, `COMMENT ON TABLE "t" IS 'CREATE x'`, `ALTER TABLE "t" ENABLE ROW LEVEL SECURITY`]) expect(guarded(plain)).toBe(plain)
})
