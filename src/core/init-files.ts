/** What `nself init` writes. `schema` and `out` are where the project has them, or the defaults. */
export function configText(schema: string, out: string): string {
  return `export default {
  dialect: "postgresql",
  schema: ${JSON.stringify(schema)},
  out: ${JSON.stringify(out)},
}
`
}

export const ENV_EXAMPLE = `# Copy to .env, or to .env.staging and .env.prod, and fill in. Later files win: .env, .env.<env>, .env.secrets, .env.local; the process environment
# wins over all. Without a database, dev uses an embedded PostgreSQL in .nself/.

# One URL …
# DATABASE_URL=postgres://nself:password@localhost:5432/nself

# … or its parts
# POSTGRES_HOST=localhost
# POSTGRES_PORT=5432
# POSTGRES_DB=nself
# POSTGRES_USER=nself
# POSTGRES_PASSWORD=
# POSTGRES_SSL_MODE=verify-full
`

export const EXAMPLE_TABLE = `import { pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core"

export const users = pgTable("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: text("email").notNull().unique(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
})
`

export const EXAMPLE_BARREL = `export * from "./users"\n`

/** Files that git must not take. */
export const IGNORED = [".nself/", ".env.secrets", ".env.local"] as const
