import { expect, test } from "bun:test"
import { psqlCommands, splitPsql, type PsqlPart } from "../../src/core/psql-text.ts"

/** One line a part: kind, line, text or rows. */
const brief = (parts: readonly PsqlPart[]): string[] => parts.map(part => {
  if (part.kind === "meta") return `meta ${part.line} ${part.command}|${part.args}`
  if (part.kind === "copy") return `copy ${part.line} ${part.text}|${part.rowsLine}|${part.rows}`
  return `sql ${part.line} ${part.text.trim()}`
})

test.each<[string, string, readonly string[]]>([
  ["nothing", "", []],
  ["only SQL", "select 1;\nselect '\\d', $$ \\. $$; -- \\restrict\n", ["sql 1 select 1;\nselect '\\d', $$ \\. $$; -- \\restrict"]],
  ["a pg_dump", "--\n-- dump\n--\n\n\\restrict aB1\n\nSET x = 0;\nCOPY public.t (a, b) FROM stdin;\n1\tit's\n2\t\\N\n\\.\n\n\nSELECT pg_catalog.setval('s', 2);\n\n\\unrestrict aB1\n", [
    "sql 1 --\n-- dump\n--", "meta 5 restrict|aB1", "sql 7 SET x = 0;", "copy 8 COPY public.t (a, b) FROM stdin|9|1\tit's\n2\t\\N\n", "sql 14 SELECT pg_catalog.setval('s', 2);", "meta 16 unrestrict|aB1",
  ]],
  ["no rows", "copy t from stdin;\n\\.\nselect 1;", ["copy 1 copy t from stdin|2|", "sql 3 select 1;"]],
  ["two COPY blocks in a row", "copy a from stdin;\n1\n\\.\ncopy b from stdin;\n2\n\\.\n", ["copy 1 copy a from stdin|2|1\n", "copy 4 copy b from stdin|5|2\n"]],
  ["rows that look like SQL", "select 0;\ncopy t from stdin;\nselect 1;\ncopy u from stdin;\n'open\n\\.\nselect 2;\n", ["sql 1 select 0;", "copy 2 copy t from stdin|3|select 1;\ncopy u from stdin;\n'open\n", "sql 7 select 2;"]],
  ["rows that are only SQL, to the end", "copy t from stdin;\nselect 1;\n", ["copy 1 copy t from stdin|2|select 1;\n"]],
  ["a row that begins a statement", "copy t from stdin;\nbegin\nfoo\n\\.\n", ["copy 1 copy t from stdin|2|begin\nfoo\n"]],
  ["a statement over several lines, options, characters beyond ASCII", "/* é😀 */ copy \"é\" (a,\n b)\nfrom stdin with (format csv);\n1,\"é\"\n\\.\n\\echo done\n", ["sql 1 /* é😀 */", "copy 1 copy \"é\" (a,\n b)\nfrom stdin with (format csv)|4|1,\"é\"\n", "meta 6 echo|done"]],
  ["a command behind a statement", "select 1 as é \\gset p_\nselect 2;", ["sql 1 select 1 as é", "meta 1 gset|p_", "sql 2 select 2;"]],
  ["a string with stdin and backslashes over many lines", `select '${"\\x\nstdin;\n".repeat(20)}';\n\\connect other\n`, [`sql 1 select '${"\\x\nstdin;\n".repeat(20)}';`, "meta 42 connect|other"]],
  ["what no parser understands is left to the server", "selec 1;\nselect '\\';\n\\connect x\nselect 2;\n", ["sql 1 selec 1;\nselect '\\';", "meta 3 connect|x", "sql 4 select 2;"]],
  ["COPY to or from a file is SQL", "copy t from '/stdin/\\x';\ncopy t to stdout;\n", ["sql 1 copy t from '/stdin/\\x';\ncopy t to stdout;"]],
  ["a COPY inside a function body is none", "create function f() returns void language sql as $$ copy t from stdin; $$;\nselect 1;\n", ["sql 1 create function f() returns void language sql as $$ copy t from stdin; $$;\nselect 1;"]],
])("%s", async (_, text, expected) => {
  expect(brief(await splitPsql(text))).toEqual([...expected])
})

test("starts are characters of the whole text", async () => {
  const text = "-- 😀\n\nselect 'é';\n\\restrict x\n  select 2;\ncopy t from stdin;\n😀\n\\.\nselect 3;\n"
  for (const part of await splitPsql(text)) {
    const word = part.kind === "meta" ? `\\${part.command}` : part.text
    expect([...text].slice(part.start, part.start + [...word].length).join("")).toBe(word)
  }
})

test("restrict and unrestrict do nothing, every other command of psql does", async () => {
  const parts = await splitPsql("\\restrict a\n\\connect b\n\\set c d\n\\unrestrict a\n")
  expect(psqlCommands(parts).map(part => `${part.line} ${part.command}`)).toEqual(["2 connect", "3 set"])
})

test("a large dump is taken apart in one pass", async () => {
  const block = (i: number) => `COPY public.t${i} (a, b) FROM stdin;\n${"1\tone's\n".repeat(5000)}\\.\n\nSELECT pg_catalog.setval('s', ${i});\n`
  const text = Array.from({ length: 60 }, (_, i) => block(i)).join("")
  const parts = await splitPsql(text)
  expect(parts.filter(part => part.kind === "copy").length).toBe(60)
  expect(parts.length).toBe(120)
})
