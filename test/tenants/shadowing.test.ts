import { describe, expect, test } from "bun:test"
import type { Major } from "../support/server.ts"
import { FILES, site, tenantNames } from "./support.ts"

/**
 * Functions in `public` that fit nself's own calls better than PostgreSQL's, which take any number of values of any type (CVE-2018-1058): whoever may create there,
 * before 15 everybody, would have nself's role run them.
 */
const BAIT = [
  ...["text, text", "text, text, text", "text, integer", "text, integer, text"].map(types => `format(${types})`),
  ...["text", "text, text", "text, integer", "bigint, text, text, text, text, text, text, text, integer"].map(types => `concat(${types})`),
  ...["text, text", "text, text, numeric", "text, text, text"].map(types => `concat_ws(${types})`),
  "cardinality(text[])", "round(double precision)",
].map(signature => `create function public.${signature} returns text language plpgsql as $f$ begin raise exception 'taken in by public.${signature}'; end $f$`)
const AGGREGATE = `create function public.bait_step(text[], text) returns text[] language plpgsql as $f$ begin raise exception 'taken in by public.array_agg'; end $f$;
  create aggregate public.array_agg(text) (sfunc = public.bait_step, stype = text[], initcond = '{}')`

describe.each([14, 18] as readonly Major[])("on PostgreSQL %d", major => {
  test("functions of the same name in `public` are not asked, by none of the commands about tenants", async () => {
    const at = await site(tenantNames(70), FILES, major)
    try {
      for (const sql of [...BAIT, AGGREGATE]) await at.sql(sql)
      for (const command of ["up --all-tenants --to 0001", "status --all-tenants", "up --all-tenants", "diff --all-tenants", "verify-checksums --all-tenants", "down --all-tenants", "log"]) {
        const { exit, stderr } = await at.run(`db migrate ${command}`)
        expect([command, exit, stderr]).toEqual([command, 0, ""])
      }
    } finally {
      await at.remove()
    }
  }, 120_000)

  test("nor by those about one schema", async () => {
    const at = await site([], FILES, major)
    try {
      for (const sql of [...BAIT, AGGREGATE]) await at.sql(sql)
      for (const command of ["migrate up --to 0001", "migrate up", "migrate status", "migrate verify-checksums", "migrate log", "migrate down"]) {
        const { exit, stderr } = await at.run(`db ${command}`)
        expect([command, exit, stderr]).toEqual([command, 0, ""])
      }
    } finally {
      await at.remove()
    }
  }, 120_000)
})
