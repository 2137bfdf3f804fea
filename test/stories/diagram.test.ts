import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { diagramMermaid } from "../../src/cli/report/diagram-mermaid.ts"
import { detour, layout, rowY } from "../../src/cli/report/diagram-layout.ts"
import { diagramSvg } from "../../src/cli/report/diagram-svg.ts"
import type { Diagram, DiagramColumn } from "../../src/core/diagram.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(17)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "drizzle.config.json": `{ "dialect": "postgresql", "schema": "./schema.ts", "out": "./migrations" }`,
  "migrations/0001_shop.sql": `CREATE TABLE users (id uuid PRIMARY KEY, mail text NOT NULL UNIQUE, nickname varchar(40));
CREATE TABLE orders (id bigint PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, "ship to" text);
CREATE TABLE profiles (user_id uuid PRIMARY KEY REFERENCES users);
CREATE TABLE old (id int);
`,
  "migrations/0002_more.sql": `DROP TABLE old;
ALTER TABLE users DROP COLUMN nickname, ADD COLUMN born date;
ALTER TABLE orders ALTER COLUMN "ship to" SET NOT NULL;
CREATE TABLE refunds (id int PRIMARY KEY, "order" bigint REFERENCES orders);
`,
}

async function shop() {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  return { dir, url: await server.database() }
}

test("what the migrations make, as Mermaid, without a database", async () => {
  const { dir } = await shop()
  expect(await nself(dir, "db diagram")).toMatchInlineSnapshot(`
    "$ nself db diagram
    --- stdout
    erDiagram
      orders {
        bigint id PK
        uuid user_id FK
        text ship_to "ship to"
      }
      profiles {
        uuid user_id PK, FK
      }
      refunds {
        integer id PK
        bigint order FK "null"
      }
      users {
        uuid id PK
        text mail UK
        date born "null"
      }
      orders }o--|| users : "user_id"
      profiles |o--|| users : "user_id"
      refunds }o--o| orders : "order"
    --- exit 0"
  `)
})

test("--diff marks what pending migrations do, in words", async () => {
  const { dir, url } = await shop()
  const env = { DATABASE_URL: url }
  expect(await runNself(dir, "db migrate up --to 1", { env })).toMatchObject({ exit: 0 })
  expect(await nself(dir, "db diagram --diff", { env })).toMatchInlineSnapshot(`
    "$ nself db diagram --diff
    --- stdout
    erDiagram
      orders:::changed {
        bigint id PK
        uuid user_id FK
        text ship_to "ship to, changed"
      }
      profiles {
        uuid user_id PK, FK
      }
      refunds:::added {
        integer id PK "added"
        bigint order FK "null, added"
      }
      users:::changed {
        uuid id PK
        text mail UK
        date born "null, added"
        varchar(40) nickname "null, removed"
      }
      old:::removed {
        integer id "null, removed"
      }
      orders }o--|| users : "user_id"
      profiles |o--|| users : "user_id"
      refunds }o--o| orders : "order, added"
      classDef added stroke:#1a7f37,stroke-width:3px
      classDef removed stroke:#cf222e,stroke-width:3px
      classDef changed stroke:#9a6700,stroke-width:3px
    --- exit 0"
  `)
  const svg = (await runNself(dir, "db diagram --diff --svg", { env })).stdout
  for (const text of ["− old", "− nickname", "+ born", "~ ship to", "+ refunds", "(refunds_order_fkey, added)"]) expect(svg).toContain(text)
})

test("--live draws the database as it is", async () => {
  const { dir, url } = await shop()
  await admin(url, `create table by_hand (id int primary key)`)
  expect((await runNself(dir, "db diagram --live", { env: { DATABASE_URL: url } })).stdout).toBe("erDiagram\n  by_hand {\n    integer id PK\n  }\n")
  expect(await runNself(dir, "db diagram --live --diff", { env: { DATABASE_URL: url } })).toMatchObject({ exit: 2 })
})

const column = (name: string, more: Partial<DiagramColumn> = {}): DiagramColumn => ({ name, type: "text", primary: false, foreign: false, unique: false, nullable: false, change: null, ...more })
const EVIL = `"><script>alert(1)</script>'&`

test("names are text and nothing else, in SVG as in Mermaid", () => {
  const diagram: Diagram = { tables: [{ name: EVIL, columns: [column(`${EVIL}\u0000`, { type: `odd "type"` })], change: null }], edges: [{ name: EVIL, from: EVIL, columns: [EVIL], to: EVIL, toColumns: [EVIL], one: false, optional: true, change: null }] }
  const svg = diagramSvg(diagram, EVIL)
  expect(svg).not.toContain("<script")
  expect(svg).not.toContain("\u0000")
  const elements: string[] = []
  new HTMLRewriter().on("*", { element: one => void elements.push(one.tagName) }).transform(svg)
  expect(new Set(elements)).toEqual(new Set(["svg", "title", "style", "rect", "g", "clippath", "path", "text"].filter(name => elements.includes(name))))
  for (const line of diagramMermaid(diagram).split("\n").slice(1)) expect((line.match(/"/g) ?? []).length % 2).toBe(0)
})

test("no box lies on another, referenced tables stand left of those that refer to them, and long edges go round boxes", () => {
  const names = Array.from({ length: 60 }, (_, i) => `t${String(i).padStart(2, "0")}`)
  const diagram: Diagram = {
    tables: names.map((name, i) => ({ name, columns: Array.from({ length: 1 + (i % 12) }, (_, c) => column(`c${c}`)), change: null })),
    edges: names.slice(1).flatMap((name, i) => [Math.floor(i / 2), Math.floor(i / 5)].map((to, n) => ({ name: `f${n}`, from: name, columns: ["c0"], to: names[to]!, toColumns: ["c0"], one: false, optional: false, change: null }))),
  }
  const { boxes, width, height } = layout(diagram)
  expect(boxes.length).toBe(60)
  for (const [i, a] of boxes.entries()) {
    expect(a.x + a.width).toBeLessThanOrEqual(width)
    expect(a.y + a.height).toBeLessThanOrEqual(height)
    for (const b of boxes.slice(i + 1)) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true)
  }
  const at = new Map(boxes.map(box => [box.table.name, box]))
  for (const edge of diagram.edges) {
    const [from, to] = [at.get(edge.from)!, at.get(edge.to)!]
    expect(to.x).toBeLessThan(from.x)
    for (const [x, y] of detour(boxes, [from.x, rowY(from, "c0")], [to.x + to.width, rowY(to, "c0")])) {
      for (const box of boxes) expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).toBe(false)
    }
  }
})

test("keys that go round in a circle, a key to the table itself, and no table at all are drawn", () => {
  const edge = (from: string, to: string) => ({ name: `${from}_${to}`, from, columns: ["id"], to, toColumns: ["id"], one: false, optional: true, change: null })
  const diagram: Diagram = { tables: ["a", "b", "c"].map(name => ({ name, columns: [column("id")], change: null })), edges: [edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("a", "a")] }
  expect(diagramSvg(diagram, "circle").match(/class="edge"/g)?.length).toBe(4)
  expect(diagramSvg({ tables: [], edges: [] }, "nothing")).toContain("<svg")
})

test("the report: one page with history, pending SQL, drift, diagram and tenants, that loads nothing and runs nothing", async () => {
  const { dir, url } = await shop()
  const env = { DATABASE_URL: url }
  expect(await runNself(dir, "db migrate up --to 1", { env })).toMatchObject({ exit: 0 })
  for (const slug of ["acme-corp", "globex"]) expect(await runNself(dir, `db tenant create ${slug}`, { env })).toMatchObject({ exit: 0 })
  await admin(url, `create table "<img src=x>" (id int); alter table users alter column mail drop not null; alter table orders drop column "ship to"`)
  expect(await nself(dir, "db report", { env })).toMatchInlineSnapshot(`
    "$ nself db report
    --- stdout
    Written: nself-report.html
    --- exit 0"
  `)
  const page = await Bun.file(join(dir, "nself-report.html")).text()
  for (const text of ["0001_shop", "migrations/0002_more.sql", "DROP TABLE old;", "The database was changed by hand.", "&lt;img src=x&gt;", "orders.ship to", "text NOT NULL", "− nickname", "acme_corp"]) expect(page).toContain(text)
  expect(page).toContain('<td class="good" title="applied">✓</td>')
  expect(page).not.toMatch(/<script|<img|<link|src=(?!x)|href="(?!#)|url\((?!#)/)
  expect(page).toContain("default-src 'none'")
  expect(page).toContain("prefers-color-scheme:dark")
  const piped = await runNself(dir, "db report --out -", { env })
  expect(piped.stdout).toStartWith("<!doctype html>")
  const json = JSON.parse((await runNself(dir, "db report --json", { env })).stdout) as { data: object }
  expect(json.data).toMatchObject({ env: "dev", version: "0001", pending: [{ name: "0002_more" }], tenants: { total: 2 }, drift: { found: { extra: [{ kind: "table" }] } } })
}, 120_000)

test("the report of a database that is well, and of one where nothing was applied", async () => {
  const { dir, url } = await shop()
  const env = { DATABASE_URL: url }
  const before = (await runNself(dir, "db report --out -", { env })).stdout
  expect(before).toContain("Nothing was applied yet.")
  expect(before).toContain("Not looked for: nothing is applied yet.")
  await runNself(dir, "db migrate up", { env })
  const after = (await runNself(dir, "db report --out -", { env })).stdout
  expect(after).toContain("The database is up to date.")
  expect(after).toContain("The database is what its migrations made.")
  expect(after).not.toContain('id="tenants"')
  expect(existsSync(join(dir, "nself-report.html"))).toBe(false)
}, 120_000)
