import { expect, test } from "bun:test"
import { codeFrame, lineAt } from "../../src/core/source.ts"

test.each<[string, number, ReturnType<typeof lineAt>]>([
  ["select 1", 1, { line: 1, column: 1, text: "select 1" }],
  ["a\nbc\nd", 3, { line: 2, column: 1, text: "bc" }],
  ["a\nbc\nd", 4, { line: 2, column: 2, text: "bc" }],
  ["'😀' x", 5, { line: 1, column: 5, text: "'😀' x" }],
  ["select", 7, { line: 1, column: 7, text: "select" }],
  ["select (\n", 10, { line: 1, column: 9, text: "select (" }],
  ["a", 9, null],
  ["a", 0, null],
])("lineAt(%j, %i)", (sql, position, place) => expect(lineAt(sql, position)).toEqual(place))

test("the caret stands under the column, also after tabs", () =>
  expect(codeFrame({ line: 12, column: 6, text: "\ta  uuidd" })).toBe("12 |  a  uuidd\n   |      ^"))

test("a long line is cut around the caret", () => {
  const [line, caret] = codeFrame({ line: 1, column: 301, text: `${"x".repeat(300)}!${"y".repeat(300)}` }).split("\n")
  expect(line!.length).toBeLessThan(220)
  expect(line![caret!.indexOf("^")]).toBe("!")
})
