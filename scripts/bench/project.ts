/** A project with as many tables as asked for: ten to twelve columns, three indexes, two foreign keys and a check each, or plain ones. */
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface BenchProject {
  readonly dir: string
  /** Writes the schema with this many tables. */
  readonly tables: (count: number) => Promise<void>
  /** The same with tables of five columns and one foreign key. */
  readonly plainTables: (count: number) => Promise<void>
}

const HEAD = `import { sql } from "drizzle-orm"
import { boolean, check, index, integer, jsonb, numeric, pgEnum, pgTable, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core"
export const mood = pgEnum("mood", ["good", "bad"])
`

const table = (n: number, parents: readonly number[]): string => `export const t${n} = pgTable("t${n}", {
  id: uuid("id").primaryKey().defaultRandom(),
  name: text("name").notNull().default("x"),
  code: varchar("code", { length: 20 }),
  amount: numeric("amount", { precision: 10, scale: 2 }).notNull().default("0"),
  mood: mood("mood").notNull().default("good"),
  data: jsonb("data"),
  done: boolean("done").notNull().default(false),
  ${parents.map((p, i) => `parent${i}: uuid("parent_${i}").references(() => t${p}.id, { onDelete: "cascade" }),`).join("\n  ")}
  position: integer("position"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
}, t => [index("t${n}_name_idx").on(t.name), index("t${n}_code_idx").on(t.code).where(sql\`code is not null\`), index("t${n}_created_idx").on(t.createdAt.desc()), check("t${n}_position", sql\`position >= 0\`)])
`

const PLAIN_HEAD = 'import { integer, pgTable, serial, text, timestamp } from "drizzle-orm/pg-core"\n'

const plainTable = (n: number): string => `export const t${n} = pgTable("t${n}", {
  id: serial("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email"),
  ${n > 0 ? `parent: integer("parent_id").references(() => t${n - 1}.id),` : ""}
  createdAt: timestamp("created_at").notNull().defaultNow(),
})
`

/** A new project in a temporary folder; the caller removes it. */
export async function benchProject(): Promise<BenchProject> {
  const dir = await mkdtemp(join(tmpdir(), "nself-bench-"))
  await Bun.write(join(dir, "drizzle.config.json"), JSON.stringify({ dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }))
  const write = async (head: string, count: number, one: (n: number) => string) => void (await Bun.write(join(dir, "src/db/schema/all.ts"), head + Array.from({ length: count }, (_, n) => one(n)).join("")))
  return {
    dir,
    tables: count => write(HEAD, count, n => table(n, [n - 1, n - 7].filter(p => p >= 0))),
    plainTables: count => write(PLAIN_HEAD, count, plainTable),
  }
}
