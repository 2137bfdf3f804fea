import { afterEach, beforeEach, expect, test } from "bun:test"
import { EMPTY } from "../../src/core/catalog.ts"
import { compare, driftLines, isSame } from "../../src/core/compare.ts"
import type { Session } from "../../src/core/types.ts"
import { declareStraight, proveOn, type Straight } from "../../src/flows/generate/straight.ts"
import { ddl } from "../../src/kinds/ddl.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

let shadow: Session
/** Every script that the shadow was given. */
let scripts: string[]
beforeEach(async () => {
  const inner = await openShadow()
  scripts = []
  shadow = { ...inner, script: sql => (scripts.push(sql), inner.script(sql)) }
})
afterEach(() => shadow.close())

const table = (n: number, more = ""): string => `CREATE TABLE "t${n}" (\n\t"id" serial PRIMARY KEY NOT NULL${more}\n);`
const tables = Array.from({ length: 30 }, (_, n) => table(n))
const declareAll = async (statements: readonly string[]): Promise<Straight> => {
  const declared = { statements, tables: [], sources: [], drizzleVersion: "", cut: [] }
  const straight = await declareStraight(shadow, { declared, sqlFiles: [], updatedAtTriggers: true })
  expect(straight).not.toBeNull()
  scripts = []
  return straight!
}
const ways = ({ catalog: want }: Straight) => ({ want, have: EMPTY, up: ddl(want, EMPTY), down: ddl(EMPTY, want) })
const isEmpty = async (): Promise<boolean> => {
  await shadow.script("begin; rollback") // outside of a transaction, or this says so
  return isSame(compare(EMPTY, await inspect(shadow.query)))
}

test("an up that says what was run already is not run again; down is", async () => {
  const straight = await declareAll(tables)
  const { up, down, ...ends } = ways(straight)
  expect(await proveOn(shadow, straight, { up, down, ...ends })).toBe(straight.catalog)
  expect(scripts).toEqual([down.join("\n;\n")])
})

test("the rest of an up that begins alike is run from the last savepoint before it", async () => {
  const straight = await declareAll([...tables, table(30, ", CHECK (id > 0.5)")]) // PostgreSQL says `id::numeric > 0.5`
  expect(straight.savepoints).toEqual([0, 4, 8, 12, 16, 20, 24, 28])
  const after = await proveOn(shadow, straight, ways(straight))
  expect(scripts[0]).toStartWith('rollback to savepoint before_28\n;\nCREATE TABLE "t28"')
  expect(scripts).toHaveLength(2)
  expect(driftLines(compare(straight.catalog, after!))).toEqual([])
})

test("an up that leaves something out is not proved, and nothing is left", async () => {
  const straight = await declareAll(tables)
  const { up, down, ...ends } = ways(straight)
  expect(await proveOn(shadow, straight, { up: up.slice(0, -1), down, ...ends })).toBeNull()
  expect(await isEmpty()).toBe(true)
})

test("an up that does more, or something else at its beginning, is not proved, and nothing is left", async () => {
  for (const change of [(up: readonly string[]) => [...up, "CREATE TABLE more ()"], (up: readonly string[]) => [table(0, ", x int"), ...up.slice(1)], (up: readonly string[]) => ["select 1/0", ...up]]) {
    const straight = await declareAll(tables)
    const { up, down, ...ends } = ways(straight)
    expect(await proveOn(shadow, straight, { up: change(up), down, ...ends })).toBeNull()
    expect(await isEmpty()).toBe(true)
  }
})

test("a down that leaves something, or fails, is not proved, and nothing is left", async () => {
  for (const change of [(down: readonly string[]) => down.slice(1), (down: readonly string[]) => [...down, "drop table absent"]]) {
    const straight = await declareAll(tables)
    const { up, down, ...ends } = ways(straight)
    expect(await proveOn(shadow, straight, { up, down: change(down), ...ends })).toBeNull()
    expect(await isEmpty()).toBe(true)
  }
})

test("what needs another order, or a role, is not made straight, and nothing is left", async () => {
  for (const statements of [['ALTER TABLE a ADD b int', "CREATE TABLE a ()"], ["CREATE TABLE a ()", "CREATE POLICY p ON a TO nobody_there"]]) {
    expect(await declareStraight(shadow, { declared: { statements, tables: [], sources: [], drizzleVersion: "", cut: [] }, sqlFiles: [], updatedAtTriggers: true })).toBeNull()
    expect(await isEmpty()).toBe(true)
  }
})

test("a schema with nothing in it", async () => {
  const straight = await declareAll([])
  expect(isSame(compare(straight.catalog, EMPTY))).toBe(true)
})
