import { sql } from "drizzle-orm"
import {
  bigint, bigserial, boolean, char, check, foreignKey, index, integer, jsonb, numeric, pgEnum, pgMaterializedView, pgPolicy, pgSchema, pgSequence, pgTable, pgView, primaryKey,
  real, serial, text, time, timestamp, unique, uniqueIndex, uuid, varchar,
} from "drizzle-orm/pg-core"

export const role = pgEnum("role", ["admin", "user"])
export const app = pgSchema("app")
export const mood = app.enum("mood", ["good", "bad"])
export const numbers = pgSequence("numbers", { startWith: 100, increment: 2 })

export const users = pgTable("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: varchar("email", { length: 200 }).notNull().unique(),
  code: char("code", { length: 3 }),
  level: integer("level").default(5),
  number: integer("number").generatedAlwaysAsIdentity(),
  role: role("role").default("admin").notNull(),
  roles: role("roles").array(),
  mood: mood("mood"),
  createdAt: timestamp("created_at", { withTimezone: true }).defaultNow().notNull(),
  seenAt: timestamp("seen_at", { precision: 3 }),
  at: time("at"),
  tags: text("tags").array().default(sql`'{}'::text[]`),
  amount: numeric("amount", { precision: 10, scale: 2 }).default("0.5"),
  weight: real("weight"),
  lower: text("lower").generatedAlwaysAs(sql`lower(email)`),
  data: jsonb("data").default({ a: 1 }),
  ok: boolean("ok").default(true).notNull(),
  place: serial("place"),
}, table => [
  index("users_level").on(table.level),
  uniqueIndex("users_expression").on(table.level.desc().nullsLast(), sql`lower(${table.email})`).where(sql`${table.level} > 3`),
  index("users_data").using("gin", table.data.op("jsonb_path_ops")),
  index("users_fill").on(table.email).with({ fillfactor: 70 }),
  check("users_level_check", sql`${table.level} > 0`),
  unique("users_pair").on(table.level, table.ok).nullsNotDistinct(),
  pgPolicy("users_read", { for: "select", to: "public", using: sql`level > 1` }),
])

export const posts = app.table("posts", {
  a: integer("a").notNull(), b: integer("b").notNull(), big: bigserial("big", { mode: "number" }), count: bigint("count", { mode: "number" }),
  user: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
}, table => [primaryKey({ columns: [table.a, table.b] })])

export const notes = pgTable("notes", { id: serial("id").primaryKey(), a: integer("a"), b: integer("b") }, table => [
  foreignKey({ columns: [table.a, table.b], foreignColumns: [posts.a, posts.b], name: "notes_posts" }).onUpdate("set null"),
])

export const named = pgView("named", { n: integer("n") }).with({ securityInvoker: true }).as(sql`select 1 as n`)
export const elsewhere = pgView("elsewhere", { n: integer("n") }).existing()
export const counted = pgMaterializedView("counted").as(query => query.select({ a: posts.a }).from(posts))
