import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { ident, literal } from "../../src/core/ident.ts"
import { splitStatements } from "../../src/core/statements.ts"
import type { Database, Session } from "../../src/core/types.ts"
import { ensureAudit } from "../../src/pg/audit.ts"
import { openServer } from "../../src/pg/server.ts"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import { applyMany, type ManyOutcome } from "../../src/pg/tenants/apply-many.ts"
import { guardOf } from "../../src/pg/tenants/apply-tenant.ts"
import { prepared, type TenantWork } from "../../src/pg/tenants/message.ts"
import { ask, eventually } from "../support/migrating.ts"
import { startServer, type Major } from "../support/server.ts"
import { exactlyOnce, site, tenantNames, type Site } from "./support.ts"

const HOSTILE = ["plain", `o'brien "x"`, "a.b c", "back\\slash", "ünïcode--", "$1", "100%s", "$nself$", "x".repeat(63)] as const
const actor = { runId: crypto.randomUUID(), nself: "test", osUser: "o'brien", host: null, ciRun: null, gitCommit: null }
/** A text full of what quotes, formats and dollars mean elsewhere. */
const PLAIN = `create table "100%I $nself$ $1" (id int primary key, note text default 'it''s 50% \\ %s');\n`

async function workOn(versionNum: number, text: string, name = "0001_first"): Promise<TenantWork> {
  const migration = { seq: 1, name, up: { path: `migrations/${name}.sql`, text, sha256: "a".repeat(64) }, down: null }
  return { direction: "up", schema: "", versionNum, files: [prepared("up", migration, await splitStatements(text))], ledger: null, begun: new Set(), runId: actor.runId, version: "test", audit: { home: "public", actor }, fastCommit: false }
}

describe.each([14, 18] as readonly Major[])("many tenants in one message, on PostgreSQL %d", major => {
  let url = ""
  let database: Database
  let session: Session
  beforeAll(async () => {
    url = await (await startServer(major)).database()
    database = await openServer(settingsFrom({ url, env: {} })!, { version: "test", runId: actor.runId })
    session = await database.session()
    await ensureAudit(session, "public")
  })
  afterAll(() => database.close())

  const make = (schemas: readonly string[]): Promise<unknown> => ask(url, schemas.map(name => `create schema ${ident(name)}`).join(";"))
  const run = async (schemas: readonly string[], text = PLAIN, over = session): Promise<ManyOutcome & { readonly took: readonly number[] }> => {
    const took: number[] = []
    const work = await workOn(session.versionNum, text)
    return { ...(await applyMany(over, { ...work, schema: schemas[0]! }, schemas, null, some => took.push(...some))), took }
  }
  const home = async (schema: string): Promise<readonly string[]> =>
    (await ask<{ name: string }>(url, `select relname as name from pg_class where relkind = 'r' and relnamespace = (select oid from pg_namespace where nspname = ${literal(schema)}) order by 1`)).map(row => row.name)
  const noted = async (schema: string): Promise<number> => (await ask(url, `select from np_migrations_audit where schema_name = ${literal(schema)}`)).length

  test("each has a transaction of its own, whatever its name; and nothing of them is left in the session", async () => {
    await make(HOSTILE)
    const { took, ...outcome } = await run(HOSTILE)
    expect([outcome, took.length]).toEqual([{ done: HOSTILE.length, doubt: false, error: null }, HOSTILE.length])
    for (const schema of HOSTILE) expect([schema, await home(schema), await noted(schema)]).toEqual([schema, ["100%I $nself$ $1", "np_migrations"], 1])
    const rows = await ask<{ xid: string; ms: number }>(url, HOSTILE.map(schema => `select xmin::text as xid, (extract(epoch from finished_at - started_at) * 1000)::int as ms from ${ident(schema)}.np_migrations`).join(" union all "))
    expect(new Set(rows.map(row => row.xid)).size).toBe(HOSTILE.length)
    const said = await ask<{ text: string }>(url, `select column_default as text from information_schema.columns where table_schema = 'plain' and column_name = 'note'`)
    expect(said[0]!.text).toContain(`it''s 50% \\ %s`)
    expect(await session.query("select current_schemas(false)::text as path, current_setting('lock_timeout') as lock, (select count(*)::int from pg_locks where locktype = 'advisory') as locks"))
      .toEqual([{ path: "{public}", lock: "0", locks: 0 }])
  })

  test("the first that fails ends it: those before it have committed, it is rolled back whole, those behind it were not begun", async () => {
    const names = ["mid_1", "mid_2", "mid_3", "mid_4"]
    await make(names)
    await ask(url, "create table mid_3.gets (id int)")
    const { done, doubt, error, took } = await run(names, "create table comes (id int);\ncreate table gets (id int);\n")
    expect([done, doubt, (error as { code?: string }).code, took.length <= 2]).toEqual([2, false, "42P07", true])
    expect(await Promise.all(names.map(home))).toEqual([["comes", "gets", "np_migrations"], ["comes", "gets", "np_migrations"], ["gets"], []])
    expect(await Promise.all(names.map(noted))).toEqual([1, 1, 0, 0])
    expect(await session.query("select pg_current_xact_id_if_assigned() as xid")).toEqual([{ xid: null }])
  })

  test("what PostgreSQL says only at COMMIT is counted right", async () => {
    const names = ["late_1", "late_2", "late_3"]
    await make(names)
    for (const name of names) await ask(url, `create table ${name}.a (id int primary key); create table ${name}.b (a int references ${name}.a deferrable initially deferred); create table ${name}.c (a int)`)
    await ask(url, "insert into late_1.a values (1); insert into late_2.a values (2); insert into late_3.a values (1)")
    const { done, doubt, error } = await run(names, "insert into b values (1);\n")
    expect([done, doubt, (error as { code?: string }).code]).toEqual([1, false, "23503"])
    expect(await Promise.all(names.map(noted))).toEqual([1, 0, 0])
  })

  test("guards hold for each: somebody is at it, its ledger is another one, it is not there", async () => {
    const names = ["guard_1", "guard_2", "guard_3"]
    await make(names)
    const other = await database.session()
    await other.script("begin")
    await other.query("select pg_advisory_xact_lock(hashtextextended('nself:v1:' || current_database() || ':guard_2', 0))")
    const busy = await run(names)
    await other.close()
    expect([busy.done, guardOf(busy.error)]).toEqual([1, "busy"])
    const changed = await run(["guard_2", "guard_1", "guard_3"])
    expect([changed.done, guardOf(changed.error)]).toEqual([1, "changed"])
    const homeless = await run(["guard_3", "nowhere"])
    expect([homeless.done, guardOf(homeless.error)]).toEqual([1, "homeless"])
    expect(await Promise.all(names.map(noted))).toEqual([1, 1, 1])
  })

  test("a server process that ends in the middle leaves those in doubt of whom nothing was heard", async () => {
    const names = ["cut_1", "cut_2", "cut_3"]
    await make(names)
    await ask(url, "create function public.end_me() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$")
    for (const name of names) await ask(url, `create table ${name}.t (id int)`)
    await ask(url, "create trigger cut before insert on cut_2.t for each row execute function public.end_me()")
    const over = await database.session()
    const { done, doubt } = await run(names, "insert into t values (1);\n", over)
    expect([done, doubt]).toEqual([0, true]) // the first has committed; a tenth of a second later it would have been told
    expect(await Promise.all(names.map(noted))).toEqual([1, 0, 0])
  })

  test("where another server process answers the question after it, as behind a pooler, all are in doubt", async () => {
    const names = ["moved_1", "moved_2"]
    await make(names)
    await ask(url, "create table moved_2.gets (id int)")
    const over = await database.session()
    const pooled: Session = { ...over, script: (sql, heard) => over.script(sql, heard).finally(() => over.script("reset nself.done")) }
    const { done, doubt } = await run(names, "create table gets (id int);\n", pooled)
    expect([done, doubt, await noted("moved_1"), await noted("moved_2")]).toEqual([0, true, 1, 0])
    await over.close()
  })

  test.each(["default_transaction_isolation = serializable", "default_transaction_read_only = on", "log_statement = ddl"])("nothing is done where %s", async setting => {
    const over = await database.session()
    await over.script(`set ${setting}`)
    const name = `not_${setting.split(" ")[0]}`
    await make([name])
    expect(await run([name], PLAIN, over)).toEqual({ done: 0, doubt: false, error: null, took: [] })
    expect(await home(name)).toEqual([])
    await over.close()
  })
})

describe("a fan-out in messages for many", () => {
  const tenants = tenantNames(120)
  /** Writes down, for each index that comes and each table that goes, whether a message for several tenants did it. */
  const SEES = `create table public.seen (many bool); create function public.see() returns event_trigger language plpgsql as $f$ begin insert into public.seen values (current_query() ~* '^do '); end $f$;
    create event trigger sees on ddl_command_end when tag in ('CREATE INDEX', 'DROP TABLE') execute function public.see()`
  /** A message for several tenants does not come past it. */
  const REFUSES = `create function public.one_by_one() returns event_trigger language plpgsql as $f$ begin if current_query() ~* '^do ' then raise exception 'one by one, please'; end if; end $f$;
    create event trigger one_by_one on ddl_command_start when tag in ('CREATE INDEX') execute function public.one_by_one()`
  interface Ran { readonly tenants: readonly { readonly slug: string; readonly state: string; readonly to: string }[] }
  const ended = ({ tenants }: Ran): readonly string[] => [...new Set(tenants.map(one => `${one.state} ${one.to}`))]
  const seen = async (at: Site): Promise<{ readonly many: number; readonly all: number }> => (await at.sql<{ many: number; all: number }>("select count(*) filter (where many)::int as many, count(*)::int as all from public.seen"))[0]!
  const on = async (sql: string, work: (at: Site) => Promise<void>): Promise<void> => {
    const at = await site(tenants)
    await at.sql(sql)
    await work(at).finally(at.remove)
  }

  test("most tenants come in one, up and down, and each is told of as it is", () => on(SEES, async at => {
    const up = await at.json<Ran>("db migrate up --all-tenants --concurrency 2")
    expect([up.exit, ended(up.data), await exactlyOnce(at, tenants)]).toEqual([0, ["applied 0002"], tenants.length])
    const after = await seen(at)
    expect([after.all, after.many > tenants.length / 2]).toEqual([tenants.length, true])
    const down = await at.json<Ran>("db migrate down --all-tenants")
    expect([down.exit, ended(down.data)]).toEqual([0, ["applied 0001"]])
    const last = await seen(at)
    expect([last.all - after.all, last.many - after.many > tenants.length / 2]).toEqual([tenants.length, true])
  }))

  test("what goes only one by one goes one by one", () => on(REFUSES, async at => {
    const up = await at.json<Ran>("db migrate up --all-tenants --concurrency 2")
    expect([up.exit, ended(up.data), await exactlyOnce(at, tenants)]).toEqual([0, ["applied 0002"], tenants.length])
  }))

  test("a server that logs DDL logs it", () => on(SEES, async at => {
    const role = `logged_${crypto.randomUUID().slice(0, 8)}`
    await at.sql(`create role ${role} superuser login password 'logged'; alter role ${role} set log_statement = ddl`)
    const up = await at.run("db migrate up --all-tenants --concurrency 2", { DATABASE_URL: at.url.replace("postgres@", `${role}:logged@`) })
    expect([up.exit, await seen(at)]).toEqual([0, { many: 0, all: tenants.length }])
  }))

  test("--max-failures is counted tenant by tenant", () => on(`${SEES}; ${tenants.slice(0, 60).map(name => `create table ${name}.docs (id int)`).join(";")}`, async at => {
    const up = await at.json<Ran>("db migrate up --all-tenants --concurrency 1 --max-failures 3")
    expect([up.exit, up.data.tenants.filter(one => one.state === "failed").length, (await seen(at)).many]).toEqual([8, 3, 0])
  }))

  test("--statement-timeout is one for each statement, not for a message", () => on(SEES, async at => {
    const up = await at.json<Ran>("db migrate up --all-tenants --concurrency 2 --statement-timeout 5s")
    expect([up.exit, ended(up.data), await seen(at)]).toEqual([0, ["applied 0002"], { many: 0, all: tenants.length }])
  }))

  test("each one's own time is told: one that takes long is not hidden among others", () => on("select 1", async at => {
    await at.sql(`create function public.slow() returns trigger language plpgsql as $f$ begin perform pg_sleep(0.5); return new; end $f$`)
    await at.run("db migrate up --all-tenants --to 0001")
    await at.sql("create trigger slow before insert on tenant_0077.users for each row execute function public.slow()")
    const { data } = await at.json<{ readonly tenants: readonly { readonly slug: string; readonly durationMs: number }[] }>("db migrate up --all-tenants --concurrency 2")
    expect(data.tenants.filter(one => one.durationMs > 400).map(one => one.slug)).toEqual(["0077"])
  }))

  test("Ctrl-C in the middle of a message: what is said to be done is done, and nothing else", async () => {
    const at = await site(tenants, { "migrations/0001_t.sql": "create table t (id int);\n", "migrations/0002_slow.sql": "insert into t select 1 from (select pg_sleep(0.02)) slept;\n" })
    try {
      await at.run("db migrate up --all-tenants --to 0001")
      const child = Bun.spawn([process.execPath, `${import.meta.dir}/../../src/main.ts`, "db", "migrate", "up", "--all-tenants", "--concurrency", "2", "--json"], { cwd: at.dir, env: { ...process.env, ...at.env }, stdout: "pipe", stderr: "pipe" })
      await eventually(async () => (await at.sql("select from pg_stat_activity where query like 'do $nself$%pg_sleep%' and wait_event = 'PgSleep' and datname = current_database()")).length === 2)
      child.kill("SIGINT")
      const [said, exit] = [JSON.parse(await new Response(child.stdout).text()) as { readonly data: Ran }, await child.exited]
      const done = said.data.tenants.filter(one => one.state === "applied").map(one => `tenant_${one.slug}`)
      const there: string[] = []
      for (const name of tenants) if ((await at.sql(`select from ${name}.t`)).length === 1) there.push(name)
      expect([exit, done]).toEqual([130, there])
      expect([there.length > 0, there.length < tenants.length]).toEqual([true, true])
      const again = await at.json<Ran>("db migrate up --all-tenants")
      expect([again.exit, (await at.sql(tenants.map(name => `select from ${name}.t`).join(" union all "))).length]).toEqual([0, tenants.length])
    } finally {
      await at.remove()
    }
  }, 60_000)

  test("Ctrl-C at the first tenant of a message: nobody is tried on their own after it", async () => {
    const at = await site(tenants, { "migrations/0001_t.sql": "create table t (id int);\n", "migrations/0002_row.sql": "insert into t values (1);\n" })
    const rows = async (): Promise<number> => (await at.sql(tenants.map(name => `select from ${name}.t`).join(" union all "))).length
    try {
      await at.run("db migrate up --all-tenants --to 0001")
      await at.sql(`create function public.stays() returns trigger language plpgsql as $f$ begin if current_query() ~* '^do ' then perform pg_sleep(60); end if; return new; end $f$;
        ${tenants.map(name => `create trigger stays before insert on ${name}.t for each row execute function public.stays()`).join(";")}`)
      const child = Bun.spawn([process.execPath, `${import.meta.dir}/../../src/main.ts`, "db", "migrate", "up", "--all-tenants", "--concurrency", "2"], { cwd: at.dir, env: { ...process.env, ...at.env }, stdout: "pipe", stderr: "pipe" })
      await eventually(async () => (await at.sql("select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")).length === 2)
      const before = await rows()
      child.kill("SIGINT")
      const [said, exit] = [await new Response(child.stdout).text(), await child.exited]
      expect([exit, said.includes("Not tried"), await rows()]).toEqual([130, true, before])
    } finally {
      await at.remove()
    }
  }, 60_000)
})
