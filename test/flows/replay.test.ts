import { afterAll, beforeAll, expect, test } from "bun:test"
import { replay } from "../../src/flows/history/replay.ts"
import { openShadow } from "../../src/shadow/shadow.ts"
import type { Session } from "../../src/core/types.ts"
import { migration } from "../support/migrating.ts"

let shadow: Session
beforeAll(async () => void (shadow = await openShadow()))
afterAll(() => shadow.close())

const run = (sql: string) => replay(shadow, [migration(1, sql)])
const count = async (sql: string) => (await shadow.query<{ n: number }>(`select count(*)::int as n from ${sql}`))[0]!.n

test("a history with CREATE INDEX CONCURRENTLY beside other statements replays (drizzle: CONCURRENTLY cannot run inside a transaction block)", async () => {
  await run(`create table a (id int);\n--> statement-breakpoint\ncreate index concurrently a_id on a (id);\ninsert into a values (1);`)
  expect(await count("pg_indexes where indexname = 'a_id'")).toBe(1)
  expect(await count("a")).toBe(1)
})

test("a history that commits by itself, and calls a procedure that commits, replays", async () => {
  await run(`create table b (id int);--> statement-breakpoint
COMMIT;--> statement-breakpoint
create procedure fill() language plpgsql as $$ begin insert into b values (1); commit; end $$;--> statement-breakpoint
call fill();--> statement-breakpoint
create index concurrently b_id on b (id);`)
  expect(await count("b")).toBe(1)
})

test("what is about the server replays without it: databases, subscriptions, settings; tablespaces are lent to what is put into them", async () => {
  await run(`ALTER DATABASE app SET timezone = 'UTC';\nGRANT CONNECT ON DATABASE app TO reader_of_replay;\nALTER SYSTEM SET work_mem = '5MB';
CREATE TABLESPACE fast LOCATION '/srv/fast';\nCREATE TABLE spaced (id int PRIMARY KEY USING INDEX TABLESPACE fast) TABLESPACE slow;\nALTER TABLE spaced SET TABLESPACE fast;
CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION pub;\nALTER SUBSCRIPTION sub REFRESH PUBLICATION;\nCOMMENT ON SUBSCRIPTION sub IS 'x';\nDROP SUBSCRIPTION sub;\nCREATE TABLE behind (id int);`)
  expect(await count("pg_class c join pg_tablespace t on t.oid = c.reltablespace where c.relname like 'spaced%' and spcname = 'fast'")).toBe(2)
  expect(await count("behind")).toBe(0)
  await run("create table in_it (id int) tablespace other_space;")
  expect(await count("in_it")).toBe(0)
})

test("the words alone, in a comment or a function, keep a file whole: one message, all or nothing", async () => {
  const file = `create table c (id int);\ncreate function f() returns int language plpgsql as $$ begin return 1; end $$; -- commit\nselect 1/0;`
  await expect(run(file)).rejects.toThrow("division by zero")
  expect(await count("pg_class where relname = 'c'")).toBe(0)
})

test("an error in a file that is sent in parts points into the file", async () => {
  await expect(run(`create table d (id int);\ncommit;\nselect nothing\n  from d;`)).rejects.toThrow(/migrations\/0001_test\.sql:3:8 does not run in the shadow: column "nothing" does not exist/)
})

test("rows behind COPY, as pg_dump writes them, are loaded; the rows of a COPY without a semicolon are refused with their line", async () => {
  await run(`\\restrict x\ncreate table e (id int);\ncopy e from stdin;\n1\n2\n\\.\ninsert into e values (3);\n\\unrestrict x\n`)
  expect(await count("e")).toBe(3)
  await expect(run("select 1;\ncopy e from stdin")).rejects.toThrow("migrations/0001_test.sql:2: COPY FROM STDIN needs the rows below it")
})

test("a new enum value that is used further down replays", async () => {
  await run("create type mood as enum ('sad');")
  await run("alter type mood add value 'glad';\ncreate table f (m mood default 'glad');\ninsert into f default values;")
  expect(await count("f where m = 'glad'")).toBe(1)
})
