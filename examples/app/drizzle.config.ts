// drizzle.config.ts (project root)
{
  "schema": "./src/db/schema/*.ts",
  "out": "./migrations",
  "driver": "pg"
}
