/** What the tests of tenants share: a project with tenants on a real server. */
import { ask } from "../support/migrating.ts"
import { project, runNself, type Said } from "../support/nself.ts"
import { startServer, type Major } from "../support/server.ts"
import { ident } from "../../src/core/ident.ts"

export const FILES = {
  "migrations/0001_users.sql": `CREATE TABLE "users" ("id" int PRIMARY KEY, "email" text);\n`,
  "migrations/0001_users.down.sql": `DROP TABLE "users";\n`,
  "migrations/0002_docs.sql": `CREATE TABLE "docs" ("id" int PRIMARY KEY, "user_id" int REFERENCES "users"("id"));\nCREATE INDEX "docs_user" ON "docs" ("user_id");\nINSERT INTO "users" VALUES (1, 'first');\n`,
  "migrations/0002_docs.down.sql": `DELETE FROM "users" WHERE "id" = 1;\nDROP TABLE "docs";\n`,
}

export interface Site {
  readonly dir: string
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  readonly run: (args: string | readonly string[], env?: Readonly<Record<string, string>>) => Promise<Said>
  /** Runs and gives the data of `--json`. */
  readonly json: <T>(args: string) => Promise<{ readonly data: T; readonly exit: number; readonly stderr: string; readonly error?: { readonly class: string; readonly message: string } }>
  readonly sql: <R>(sql: string) => Promise<readonly R[]>
  readonly remove: () => Promise<void>
}

/** A project folder and a database of its own with these schemas. */
export async function site(schemas: readonly string[], files: Readonly<Record<string, string>> = FILES, major: Major = 18): Promise<Site> {
  const { dir, remove } = await project(files)
  const url = await (await startServer(major)).database()
  for (let at = 0; at < schemas.length; at += 100) await ask(url, schemas.slice(at, at + 100).map(name => `create schema ${ident(name)}`).join(";"))
  const env = { DATABASE_URL: url }
  const run: Site["run"] = (args, more) => runNself(dir, args, { env: { ...env, ...more } })
  return {
    dir, url, env, remove, run, sql: sql => ask(url, sql),
    json: async args => {
      const { stdout, stderr, exit } = await run(`${args} --json`)
      if (!stdout.startsWith("{")) throw new Error(`no JSON from ${args}: exit ${exit}\n${stdout}\n${stderr}`)
      return { ...JSON.parse(stdout), exit, stderr }
    },
  }
}

/** `tenant_0001` …. */
export const tenantNames = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => `tenant_${String(i + 1).padStart(4, "0")}`)

/** How many of these schemas have the row of `0002_docs` exactly once. */
export async function exactlyOnce(at: Site, schemas: readonly string[]): Promise<number> {
  let once = 0
  for (let i = 0; i < schemas.length; i += 50) {
    const rows = await at.sql<{ n: number; v: number }>(schemas.slice(i, i + 50).map(name => `select (select count(*)::int from ${ident(name)}.users) as n, (select max(version)::int from ${ident(name)}.np_migrations where state = 'applied') as v`).join(" union all "))
    once += rows.filter(row => row.n === 1 && row.v === 2).length
  }
  return once
}
