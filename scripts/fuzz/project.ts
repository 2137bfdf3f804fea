/** The project whose files are bent, and what is done to it afterwards. */

/** Stands in the environment file, the config and the URLs; it must never be said. */
export const SECRET = "hUsh-3f9c2a"

const UP = `-- migrations/0001_a.sql
CREATE TYPE mood AS ENUM ('sad', 'it''s');
CREATE TABLE "np_users" ("id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL, "m" mood, "t" text DEFAULT 'x');
CREATE INDEX "idx" ON "np_users" ("t") WHERE t IS NOT NULL;
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
COMMENT ON TABLE np_users IS $x$a; b$x$;
ALTER TYPE mood ADD VALUE 'glad';
INSERT INTO np_users (m) VALUES ('sad');
`
const DUMP = `\\restrict abc
SET statement_timeout = 0;
CREATE TABLE public.t (a integer, b text);
COPY public.t (a, b) FROM stdin;
1	x; \\N
\\.
CREATE INDEX CONCURRENTLY i ON t (a);
\\unrestrict abc
`
const snapshot = (id: string, prevId: string): string => JSON.stringify({
  id, prevId, version: "7", dialect: "postgresql",
  tables: { "public.np_users": { name: "np_users", schema: "", columns: { id: { name: "id", type: "uuid", primaryKey: true, notNull: true } }, indexes: {}, foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: {}, policies: {}, checkConstraints: {}, isRLSEnabled: false } },
  enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {}, _meta: { columns: {}, schemas: {}, tables: {} },
}, null, 2)

const sum = (text: string): string => `sha256:${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`

/** The files as they are when nothing is bent. */
export const FILES: Readonly<Record<string, string>> = {
  "migrations/0001_a.sql": UP, "migrations/0001_a.down.sql": "DROP TABLE np_users;\nDROP TYPE mood;\n", "migrations/0002_b.sql": DUMP, "migrations/0002_b.down.sql": "DROP TABLE t;\n",
  "migrations/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", project: "0198c1f2-aaaa", entries: [
    { idx: 0, version: "7", when: 1, tag: "0001_a", breakpoints: true, checksum: sum(UP) }, { idx: 1, version: "7", when: 2, tag: "0002_b", breakpoints: true, checksum: sum(DUMP) },
  ] }, null, 2),
  "migrations/meta/0001_snapshot.json": snapshot("aaaaaaaa-0000-4000-8000-000000000001", "00000000-0000-0000-0000-000000000000"),
  "migrations/meta/0002_snapshot.json": snapshot("aaaaaaaa-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000001"),
  "drizzle.config.ts": `import { defineConfig } from "drizzle-kit"\nexport default defineConfig({\n  dialect: "postgresql",\n  schema: "./src/db/schema/*.ts", // all\n  out: "./migrations",\n  casing: "snake_case",\n  schemaFilter: ["public"],\n  nself: { sql: "src/db/sql/*.sql", updatedAtTriggers: true },\n  dbCredentials: { host: "127.0.0.1", port: 1, user: "app", password: "${SECRET}", database: "app", ssl: false },\n})\n`,
  ".env": `# the database\nPOSTGRES_HOST=127.0.0.1\nPOSTGRES_PORT=1\nPOSTGRES_USER=app\nPOSTGRES_PASSWORD="${SECRET}"\nPOSTGRES_DB=app\nexport OTHER='a # b'\n`,
  ".env.dev": `DATABASE_URL=postgres://app:${SECRET}@127.0.0.1:1/app?sslmode=disable&application_name=x\n`,
}

/** One kind of input: which file is bent, and the commands that read it without a database or the user's code. */
export interface Kind {
  readonly name: string
  readonly files: readonly string[]
  readonly commands: readonly string[]
}

export const KINDS: readonly Kind[] = [
  { name: "journal", files: ["migrations/meta/_journal.json"], commands: ["db migrate verify-checksums --offline", "db migrate renumber 0002_b.sql --to 7 --dry-run", "db migrate up"] },
  { name: "snapshot", files: ["migrations/meta/0001_snapshot.json", "migrations/meta/0002_snapshot.json"], commands: ["db migrate status --check-conflicts", "db migrate renumber 0002_b.sql --to 7 --dry-run"] },
  { name: "config", files: ["drizzle.config.ts"], commands: ["db migrate verify-checksums --offline", "db migrate up", "db migrate lint"] },
  { name: "environment", files: [".env", ".env.dev"], commands: ["db migrate verify-checksums --offline", "db migrate lint --json"] },
  { name: "sql", files: ["migrations/0001_a.sql", "migrations/0002_b.sql", "migrations/0001_a.down.sql"], commands: ["db migrate lint", "db migrate verify-checksums --offline --json"] },
]

/** Connection URLs, each with the secret. */
export const URLS: readonly string[] = [
  `postgres://app:${SECRET}@127.0.0.1:1/app`, `postgresql://app:${SECRET}@[::1]:1,127.0.0.1:2/app?target_session_attrs=primary&sslmode=verify-full`,
  `postgres:///app?host=/tmp&user=app&password=${SECRET}&connect_timeout=1`, `postgres://app:${SECRET}@127.0.0.1/app?options=-c%20search_path%3Dx&channel_binding=require`,
]
