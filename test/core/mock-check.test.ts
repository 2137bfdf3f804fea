import { expect, test } from "bun:test"
import { casesOf, constantOf, isNextval } from "../../src/core/mock/check.ts"

test.each<[string, unknown]>([
  ["(status = ANY (ARRAY['a'::text, 'b'::text]))", [[{ kind: "in", column: "status", values: ["a", "b"] }]]],
  ["((status)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))", [[{ kind: "in", column: "status", values: ["x", "y"] }]]],
  ["((price > (0)::numeric) AND (price <= 100.5))", [[{ kind: "min", column: "price", value: "0", strict: true }, { kind: "max", column: "price", value: "100.5", strict: false }]]],
  ["(NOT (price > (0)::numeric))", [[{ kind: "max", column: "price", value: "0", strict: false }]]],
  ["((0)::numeric < price)", [[{ kind: "min", column: "price", value: "0", strict: true }]]],
  ["((VALUE >= '-5'::integer) AND (VALUE <= 10))", [[{ kind: "min", column: "value", value: "-5", strict: false }, { kind: "max", column: "value", value: "10", strict: false }]]],
  ["(char_length(name) >= 3)", [[{ kind: "length", column: "name", min: 3, max: Infinity }]]],
  ["(cardinality(tags) > 0)", [[{ kind: "items", column: "tags", min: 1, max: Infinity }]]],
  ["(btrim(name) <> ''::text)", [[{ kind: "length", column: "name", min: 1, max: Infinity }]]],
  ["(lower(slug) = slug)", [[{ kind: "case", column: "slug", lower: true }]]],
  ["((email)::text ~* '^[^@]+@[^@]+$'::text)", [[{ kind: "pattern", column: "email", pattern: "^[^@]+@[^@]+$", insensitive: true }]]],
  ["(code ~~ 'A.%'::text)", [[{ kind: "pattern", column: "code", pattern: "^A\\..*$", insensitive: false }]]],
  ["(starts_at < ends_at)", [[{ kind: "above", column: "ends_at", other: "starts_at", strict: true }]]],
  ["((a IS NULL) OR (a > 0))", [[{ kind: "null", column: "a", null: true }], [{ kind: "min", column: "a", value: "0", strict: true }]]],
  ["((a IS NULL) <> (b IS NULL))", [[{ kind: "null", column: "a", null: true }, { kind: "null", column: "b", null: false }], [{ kind: "null", column: "a", null: false }, { kind: "null", column: "b", null: true }]]],
  ["((a IS NULL) = (b IS NULL))", [[{ kind: "null", column: "a", null: true }, { kind: "null", column: "b", null: true }], [{ kind: "null", column: "a", null: false }, { kind: "null", column: "b", null: false }]]],
  ["(num_nonnulls(a, b) = 1)", [[{ kind: "null", column: "a", null: false }, { kind: "null", column: "b", null: true }], [{ kind: "null", column: "a", null: true }, { kind: "null", column: "b", null: false }]]],
  ["(flag OR (NOT done))", [[{ kind: "in", column: "flag", values: ["true"] }], [{ kind: "in", column: "done", values: ["false"] }]]],
  ["(jsonb_typeof(data) = 'object'::text)", [[{ kind: "json", column: "data", type: "object" }]]],
  ["((a + b) = c)", [[]]],
  ["is_good(a)", [[]]],
  ["this is no expression", [[]]],
])("%s", async (expression, cases) => {
  expect(await casesOf({ expression })).toEqual(cases as never)
})

test.each<[string, string | null | undefined, boolean]>([
  ["'primary'::text", "primary", false], ["0", "0", false], ["'-1'::integer", "-1", false], ["true", "true", false], ["NULL::text", null, false],
  ["now()", undefined, false], ["nextval('s'::regclass)", undefined, true], ["'{}'::jsonb", "{}", false], ["'{}'::text[]", "{}", false], ["1.5", "1.5", false],
])("the default %s", async (expression, value, sequence) => {
  expect(await constantOf(expression)).toBe(value as never)
  expect(await isNextval(expression)).toBe(sequence)
})
