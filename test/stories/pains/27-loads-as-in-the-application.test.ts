import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"

let at: DrizzleProject
beforeAll(async () => void (at = await drizzleProject()))
afterAll(() => at.remove())

test("tsconfig paths, imports with .js, enums, helpers, barrels and .tsx load as they do in the application", async () => {
  await at.file("tsconfig.json", `{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], "~db": ["./src/db/schema/index.ts"] } } }\n`)
  await at.file("src/roles.ts", `export enum Role { admin = "admin", member = "member" }\nexport const values = <T extends Record<string, string>>(e: T) => Object.values(e) as [string, ...string[]]\n`)
  await at.file("src/db/columns.ts", `import { timestamp } from "drizzle-orm/pg-core"\nexport const timestamps = { createdAt: timestamp("created_at").defaultNow().notNull() }\n`)
  await at.file("src/db/schema/enums.ts", `import { pgEnum } from "drizzle-orm/pg-core"\nimport { Role, values } from "@/roles"\nexport const role = pgEnum("role", values(Role))\n`)
  await at.file("src/db/schema/users.tsx", `import { pgTable, text } from "drizzle-orm/pg-core"
import { timestamps } from "../columns.js"
import { role } from "./enums.js"
import { Role } from "@/roles"
export const users = pgTable("np_users", { id: text("id").primaryKey(), role: role("role").default(Role.member), ...timestamps })
`)
  await at.file("src/db/schema/index.ts", `export * from "./enums.js"\nexport * from "./users"\n`)
  await at.file("src/db/schema/relations.ts", `import { relations } from "drizzle-orm"\nimport { users } from "~db"\nexport const usersRelations = relations(users, () => ({}))\n`)
  await at.run("db migrate generate --name first")
  expect(await at.sql("migrations/0001_first.sql")).toMatchInlineSnapshot(`
    "CREATE TYPE "role" AS ENUM ('admin', 'member');

    CREATE TABLE "np_users" (
      "id" text PRIMARY KEY NOT NULL,
      "role" role DEFAULT 'member',
      "created_at" timestamp DEFAULT now() NOT NULL
    );"
  `)
})
