import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { Fault } from "../../src/core/fault.ts"
import type { Declared } from "../../src/drizzle/declared.ts"
import { loadDeclared } from "../../src/drizzle/load.ts"
import { launch } from "./support.ts"

const base = mkdtempSync(join(tmpdir(), "nself-own-orm-"))
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Everything that all versions from 0.36 on can say. */
const SCHEMA = `
import { eq, gt, relations, sql } from "drizzle-orm"
import { bigint, boolean, check, customType, date, foreignKey, index, integer, jsonb, numeric, pgEnum, pgMaterializedView, pgPolicy, pgRole, pgSchema, pgSequence,
  pgTable, pgView, primaryKey, serial, text, timestamp, unique, uniqueIndex, uuid, varchar, vector } from "drizzle-orm/pg-core"

export const mood = pgEnum("mood", ["ok", "it's"])
export const app = pgSchema("app")
export const counter = pgSequence("counter", { startWith: 5, increment: 2, cache: 10 })
export const admin = pgRole("own_orm_admin", { createRole: true })
const citext = customType<{ data: string }>({ dataType: () => "citext" })

export const users = pgTable("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: varchar("email", { length: 200 }).notNull().unique(),
  nick: citext("nick"),
  mood: mood("mood").default("it's"),
  tags: text("tags").array().notNull().default([]),
  settings: jsonb("settings").default({ a: [1, "b'"] }),
  balance: numeric("balance", { precision: 10, scale: 2 }).default("0"),
  big: bigint("big", { mode: "bigint" }).default(9007199254740993n),
  number: integer("number").generatedAlwaysAsIdentity({ startWith: 100 }),
  loud: text("loud").generatedAlwaysAs((): any => sql\`upper(\${users.email})\`),
  born: date("born"),
  active: boolean("active").default(true),
  embedding: vector("embedding", { dimensions: 3 }),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
}, t => [
  index("users_active").on(t.createdAt.desc()).where(eq(t.active, true)), uniqueIndex("users_lower").on(sql\`lower(\${t.email})\`),
  index("users_near").using("hnsw", t.embedding.op("vector_cosine_ops")), unique("users_nick").on(t.nick, t.born).nullsNotDistinct(),
  check("users_email", sql\`\${t.email} <> \${"it's"}\`), pgPolicy("users_own", { for: "select", to: admin, using: sql\`true\` }),
])
export const memberships = app.table("memberships", {
  userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }), team: serial("team"), parent: uuid("parent"), parentTeam: integer("parent_team"),
}, t => [primaryKey({ columns: [t.userId, t.team] }), foreignKey({ columns: [t.parent, t.parentTeam], foreignColumns: [t.userId, t.team], name: "parent_fk" }).onUpdate("cascade")])
export const active = pgView("active_users").with({ securityInvoker: true }).as(qb => qb.select().from(users).where(gt(users.balance, "10")))
export const counts = pgMaterializedView("counts", { n: bigint("n", { mode: "number" }) }).as(sql\`select count(*) as n from users\`)
export const usersRelations = relations(users, ({ many }) => ({ memberships: many(memberships) }))
`

/** A project with this package as its own drizzle-orm; none where it is `null`. */
function project(alias: string | null): string {
  const root = join(base, alias ?? "brought")
  mkdirSync(join(root, "node_modules"), { recursive: true })
  writeFileSync(join(root, "schema.ts"), SCHEMA)
  if (alias !== null) symlinkSync(resolve(import.meta.dir, "../../node_modules", alias), join(root, "node_modules/drizzle-orm"))
  return root
}

const load = (alias: string | null): Promise<Declared> => loadDeclared({ root: project(alias), configPath: null, patterns: ["./schema.ts"], out: "./migrations" }, launch())

test.each([["drizzle-orm-036", "0.36.4"], ["drizzle-orm-039", "0.39.3"], ["drizzle-orm-042", "0.42.0"], ["drizzle-orm-044", "0.44.7"]])(
  "a project with its own %s (%s) says the same as with the one that nself carries", async (alias, version) => {
    const [own, brought] = await Promise.all([load(alias), load(null)])
    expect(own.drizzleVersion).toBe(version)
    expect(brought.drizzleVersion).toBe("0.45.4")
    expect(own.statements).toEqual(brought.statements)
    expect(own.tables).toEqual(brought.tables)
    expect(own.statements.join("\n")).toContain(`CONSTRAINT "parent_fk" FOREIGN KEY ("parent","parent_team") REFERENCES "app"."memberships"("user_id","team") ON UPDATE CASCADE`)
  }, 60_000)

test("a release candidate of 1.0 is refused by version, with the command that helps", async () => {
  const thrown = await load("drizzle-orm-100").then(() => null, (error: unknown) => error)
  expect(thrown).toBeInstanceOf(Fault)
  expect(thrown).toMatchObject({ exit: "usage", message: "this project has drizzle-orm 1.0.0-rc.5; nself reads schemas written with 0.36 to 0.45", hint: "npm install drizzle-orm@0.45" })
})
