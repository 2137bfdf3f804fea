import { expect, test } from "bun:test"
import { fixedText } from "../../src/kinds/fixed-text.ts"

test.each([
  ["code::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])", "code::text = ANY (ARRAY['a'::character varying::text, 'b'::character varying::text])"],
  ["x <> ALL (ARRAY['it''s ]::text[]'::character varying, 'b,c'::character varying]::text[]) AND y", "x <> ALL (ARRAY['it''s ]::text[]'::character varying::text, 'b,c'::character varying::text]) AND y"],
  ["a = ANY (ARRAY[1, 2]::bigint[])", "a = ANY (ARRAY[1::bigint, 2::bigint])"],
  ["a = ANY (ARRAY['x'::app.m, 'y'::app.m]::character varying(20)[])", "a = ANY (ARRAY['x'::app.m::character varying(20), 'y'::app.m::character varying(20)])"],
  ["FROM ( VALUES (1,'( VALUES x'::text)) v", "FROM (VALUES (1,'( VALUES x'::text)) v"],
])("%s", (text, pushed) => expect(fixedText(text)).toBe(pushed))

test.each(["ARRAY[a || b, c]::text[]", "ARRAY[f(1), 2]::int[]", "'ARRAY[''a''::varchar]::text[]'::text", "tags[1]::text", "MYARRAY['a'::x]::text[]", "ARRAY[]::text[]"])("%s stays", text => expect(fixedText(text)).toBe(text))
