import type { MockCheck } from "./table.ts"

/** One thing that a check wants of one column. What no fact says is left to trying. */
export type Fact =
  | { readonly kind: "in"; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: "not in"; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: "min" | "max"; readonly column: string; readonly value: string; readonly strict: boolean }
  | { readonly kind: "length" | "items"; readonly column: string; readonly min: number; readonly max: number }
  | { readonly kind: "pattern"; readonly column: string; readonly pattern: string; readonly insensitive: boolean }
  | { readonly kind: "null"; readonly column: string; readonly null: boolean }
  /** `column` > `other`, or >= where it is not strict. */
  | { readonly kind: "above"; readonly column: string; readonly other: string; readonly strict: boolean }
  | { readonly kind: "same"; readonly column: string; readonly other: string }
  | { readonly kind: "case"; readonly column: string; readonly lower: boolean }
  | { readonly kind: "json"; readonly column: string; readonly type: string }

/** Facts that hold together. */
export type Case = readonly Fact[]

/** More ways to meet a check than this are not followed. */
const MOST_CASES = 8

type Node = Readonly<Record<string, unknown>>

/** A boolean expression as PostgreSQL prints it, parsed by PostgreSQL's parser; `null` where this parser does not know its grammar. */
export async function parseExpression(expression: string): Promise<unknown> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  try {
    const [statement] = parseSync(`select (${expression})`).stmts ?? []
    const select = (statement?.stmt as { SelectStmt?: { targetList?: readonly { ResTarget?: { val?: unknown } }[] } }).SelectStmt
    return select?.targetList?.[0]?.ResTarget?.val ?? null
  } catch {
    return null
  }
}

/** The ways to meet a check, each as facts about its columns; one way without facts where nothing of it is understood. */
export async function casesOf({ expression }: Pick<MockCheck, "expression">): Promise<readonly Case[]> {
  return solve(await parseExpression(expression), false)
}

/** A constant default as text: `'primary'::text` is `primary`. `undefined`: it is no constant. */
export async function constantOf(expression: string): Promise<string | null | undefined> {
  return constant(await parseExpression(expression))
}

/** Whether an expression takes the next value of a sequence. */
export async function isNextval(expression: string): Promise<boolean> {
  return functionName(bare(await parseExpression(expression))) === "nextval"
}

const UNKNOWN: readonly Case[] = [[]]

function solve(node: unknown, negated: boolean): readonly Case[] {
  const [kind, body] = open(node)
  switch (kind) {
    case "BoolExpr": return solveBool(body, negated)
    case "NullTest": return nullFact(body["arg"], (body["nulltesttype"] === "IS_NULL") !== negated)
    case "BooleanTest": return solveTest(body, negated)
    case "ColumnRef": return boolFact(columnName(node), !negated)
    case "TypeCast": return solve(body["arg"], negated)
    case "A_Expr": return solveOperator(body, negated)
    default: return UNKNOWN
  }
}

function solveBool(body: Node, negated: boolean): readonly Case[] {
  const args = body["args"] as readonly unknown[]
  if (body["boolop"] === "NOT_EXPR") return solve(args[0], !negated)
  const parts = args.map(arg => solve(arg, negated))
  return (body["boolop"] === "AND_EXPR") !== negated ? every(parts) : parts.flat().slice(0, MOST_CASES)
}

/** All together: each way of one with each way of the others. */
function every(parts: readonly (readonly Case[])[]): readonly Case[] {
  return parts.reduce((cases, part) => cases.flatMap(one => part.map(other => [...one, ...other])).slice(0, MOST_CASES), UNKNOWN)
}

function solveTest(body: Node, negated: boolean): readonly Case[] {
  const wanted = { IS_TRUE: true, IS_FALSE: false, IS_NOT_TRUE: false, IS_NOT_FALSE: true }[String(body["booltesttype"])]
  return wanted === undefined ? UNKNOWN : solve(body["arg"], wanted === negated)
}

const boolFact = (column: string | null, value: boolean): readonly Case[] => (column === null ? UNKNOWN : [[{ kind: "in", column, values: [value ? "true" : "false"] }]])

function nullFact(arg: unknown, isNull: boolean): readonly Case[] {
  const column = columnName(bare(arg))
  return column === null ? UNKNOWN : [[{ kind: "null", column, null: isNull }]]
}

const FLIP: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>" }
const NEGATE: Readonly<Record<string, string>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "=", "~": "!~", "~*": "!~*", "~~": "!~~", "~~*": "!~~*" }

function solveOperator(body: Node, negated: boolean): readonly Case[] {
  const typed = (body["name"] as readonly unknown[]).map(part => open(part)[1]["sval"]).at(-1)
  const kind = String(body["kind"])
  const operator = kind === "AEXPR_DISTINCT" ? "<>" : kind === "AEXPR_NOT_DISTINCT" ? "=" : String(typed)
  const name = negated ? (NEGATE[operator] ?? null) : operator
  if (kind === "AEXPR_OP_ANY" || kind === "AEXPR_OP_ALL") return listFact(body, operator, kind === "AEXPR_OP_ANY", negated)
  if (name === null || !kind.startsWith("AEXPR_OP") && !kind.includes("DISTINCT")) return UNKNOWN
  const [left, right] = [bare(body["lexpr"]), bare(body["rexpr"])]
  if (isBoolean(left) && isBoolean(right) && (name === "<>" || name === "=")) return eitherOr(left, right, name === "=")
  const value = constant(right)
  if (value !== undefined) return value === null ? UNKNOWN : compare(left, name, value)
  const turned = constant(left)
  if (turned !== undefined && turned !== null && FLIP[name]) return compare(right, FLIP[name], turned)
  return compareColumns(left, name, right)
}

/** `column = ANY (ARRAY[…])`, `column <> ALL (ARRAY[…])`. */
function listFact(body: Node, operator: string, any: boolean, negated: boolean): readonly Case[] {
  const column = columnName(bare(body["lexpr"]))
  const [kind, array] = open(bare(body["rexpr"]))
  const elements = kind === "A_ArrayExpr" ? (array["elements"] as readonly unknown[] | undefined) : undefined
  const values = elements?.map(constant)
  if (column === null || !values || !values.every(value => typeof value === "string")) return UNKNOWN
  if (operator === "=" && any) return [[{ kind: negated ? "not in" : "in", column, values }]]
  return operator === "<>" && !any ? [[{ kind: negated ? "in" : "not in", column, values }]] : UNKNOWN
}

const isBoolean = (node: unknown): boolean => ["NullTest", "BoolExpr", "BooleanTest"].includes(open(node)[0])

/** `(a IS NULL) <> (b IS NULL)`: exactly one of them; with `=`, both or none. */
function eitherOr(left: unknown, right: unknown, same: boolean): readonly Case[] {
  return [...every([solve(left, false), solve(right, !same)]), ...every([solve(left, true), solve(right, same)])].slice(0, MOST_CASES)
}

function compare(side: unknown, operator: string, value: string): readonly Case[] {
  const name = functionName(side)
  const args = (open(side)[1]["args"] ?? []) as readonly unknown[]
  const column = columnName(name === null ? side : bare(args[0]))
  if (name === "num_nonnulls" || name === "num_nulls") return countFact(args, operator, Number(value), name === "num_nulls")
  if (column === null) return UNKNOWN
  if (name !== null) return functionFact(name, column, operator, value)
  switch (operator) {
    case "=": return [[{ kind: "in", column, values: [value] }]]
    case "<>": return [[{ kind: "not in", column, values: [value] }]]
    case ">": case ">=": return [[{ kind: "min", column, value, strict: operator === ">" }]]
    case "<": case "<=": return [[{ kind: "max", column, value, strict: operator === "<" }]]
    case "~": case "~*": return [[{ kind: "pattern", column, pattern: value, insensitive: operator === "~*" }]]
    case "~~": case "~~*": return [[{ kind: "pattern", column, pattern: likePattern(value), insensitive: operator === "~~*" }]]
    default: return UNKNOWN
  }
}

const LENGTHS = ["length", "char_length", "character_length", "octet_length"]
const ITEMS = ["cardinality", "array_length", "jsonb_array_length", "json_array_length"]

function functionFact(name: string, column: string, operator: string, value: string): readonly Case[] {
  const bounds = boundsOf(operator, Number(value))
  if (LENGTHS.includes(name)) return bounds ? [[{ kind: "length", column, ...bounds }]] : UNKNOWN
  if (ITEMS.includes(name)) return bounds ? [[{ kind: "items", column, ...bounds }]] : UNKNOWN
  if ((name === "btrim" || name === "ltrim" || name === "rtrim") && operator === "<>" && value === "") return [[{ kind: "length", column, min: 1, max: Infinity }]]
  if (name === "jsonb_typeof" || name === "json_typeof") return operator === "=" ? [[{ kind: "json", column, type: value }]] : UNKNOWN
  if (name === "lower" || name === "upper") return compare({ ColumnRef: { fields: [{ String: { sval: column } }] } }, operator, value)
  return UNKNOWN
}

function boundsOf(operator: string, value: number): { readonly min: number; readonly max: number } | null {
  switch (operator) {
    case "=": return { min: value, max: value }
    case ">": return { min: value + 1, max: Infinity }
    case ">=": return { min: value, max: Infinity }
    case "<": return { min: 0, max: value - 1 }
    case "<=": return { min: 0, max: value }
    case "<>": return value === 0 ? { min: 1, max: Infinity } : null
    default: return null
  }
}

/** `num_nonnulls(a, b, c) = 1`: one way for each that may be the one. */
function countFact(args: readonly unknown[], operator: string, value: number, nulls: boolean): readonly Case[] {
  const columns = args.map(arg => columnName(bare(arg)))
  const bounds = boundsOf(operator, value)
  if (!bounds || columns.includes(null)) return UNKNOWN
  const wanted = Math.min(Math.max(bounds.min, operator.startsWith("<") ? bounds.max : bounds.min), columns.length)
  return columns.map((_, first) => columns.map((column, i) => {
    const chosen = (i - first + columns.length) % columns.length < wanted
    return { kind: "null" as const, column: column!, null: chosen === nulls }
  })).slice(0, MOST_CASES)
}

function compareColumns(left: unknown, operator: string, right: unknown): readonly Case[] {
  const [a, b] = [columnName(left), columnName(right)]
  const lower = caseFact(left, right) ?? caseFact(right, left)
  if (lower && operator === "=") return [[lower]]
  if (a === null || b === null) return UNKNOWN
  switch (operator) {
    case ">": case ">=": return [[{ kind: "above", column: a, other: b, strict: operator === ">" }]]
    case "<": case "<=": return [[{ kind: "above", column: b, other: a, strict: operator === "<" }]]
    case "=": return [[{ kind: "same", column: a, other: b }]]
    default: return UNKNOWN
  }
}

/** `lower(slug) = slug`. */
function caseFact(made: unknown, plain: unknown): Fact | null {
  const name = functionName(made)
  if (name !== "lower" && name !== "upper") return null
  const column = columnName(bare((open(made)[1]["args"] as readonly unknown[])[0]))
  return column !== null && column === columnName(plain) ? { kind: "case", column, lower: name === "lower" } : null
}

/** LIKE as a regular expression. */
function likePattern(like: string): string {
  const inner = [...like].map(char => (char === "%" ? ".*" : char === "_" ? "." : char.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("")
  return `^${inner}$`
}

/** A node's name and what is in it. */
function open(node: unknown): [string, Node] {
  const entry = node !== null && typeof node === "object" ? Object.entries(node)[0] : undefined
  return entry ? [entry[0], entry[1] as Node] : ["", {}]
}

/** Without casts and collations. */
function bare(node: unknown): unknown {
  const [kind, body] = open(node)
  return kind === "TypeCast" || kind === "CollateClause" ? bare(body["arg"]) : node
}

function columnName(node: unknown): string | null {
  const [kind, body] = open(node)
  const last = kind === "ColumnRef" ? open((body["fields"] as readonly unknown[]).at(-1)) : null
  return last?.[0] === "String" ? String(last[1]["sval"]) : null
}

function functionName(node: unknown): string | null {
  const [kind, body] = open(node)
  return kind === "FuncCall" ? String(open((body["funcname"] as readonly unknown[]).at(-1))[1]["sval"]) : null
}

/** A constant's text, `null` for NULL, `undefined` for what is none. */
function constant(node: unknown): string | null | undefined {
  const [kind, body] = open(bare(node))
  if (kind === "A_Expr" && body["lexpr"] === undefined && open((body["name"] as readonly unknown[])[0])[1]["sval"] === "-") {
    const value = constant(body["rexpr"])
    return typeof value === "string" ? `-${value}` : undefined
  }
  if (kind !== "A_Const") return undefined
  if (body["isnull"]) return null
  if (body["ival"]) return String((body["ival"] as Node)["ival"] ?? 0)
  if (body["boolval"]) return (body["boolval"] as Node)["boolval"] ? "true" : "false"
  const text = (body["sval"] ?? body["fval"]) as Node | undefined
  return text === undefined ? undefined : String(text["sval"] ?? text["fval"] ?? "")
}
