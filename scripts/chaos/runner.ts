/** One process of `bun run chaos`: applies the migrations with nself's own runner, or, to show that the chaos finds it, without the transaction's guard. */
import { splitStatements } from "../../src/core/statements.ts"
import type { Session } from "../../src/core/types.ts"
import { ensureLedger } from "../../src/pg/ledger.ts"
import { openMigrator } from "../../src/pg/migrator.ts"
import { migration, open, step } from "../../test/support/migrating.ts"

const [url, count, how] = process.argv.slice(2)
const migrations = Array.from({ length: Number(count) }, (_, i) => migration(i + 1, `insert into counter${i + 1} values (1);\nselect pg_sleep(0.05);\n`))
const database = await open(url!)
const session = await database.session()
await ensureLedger(session, "public")
await session.close()
const migrator = openMigrator(how === "guarded" ? database : { ...database, session: async () => withoutGuard(await database.session()) }, splitStatements, { lockWaitMs: 60_000, retryForMs: 60_000 })
for (const one of migrations) await migrator.apply(step(one))
await migrator.close()
await database.close()
process.exit(0)

/** The same runner on a session in which every statement commits by itself and everybody gets the lock. Nobody but this file can make one. */
function withoutGuard(guarded: Session): Session {
  return {
    ...guarded,
    script: sql => guarded.script(sql.replace(/^begin isolation level[^;]*;/, "").replace(/\bset local\b/g, "set").replace(/^(commit|rollback)$/, "select")),
    query: async <R>(sql: string, params: readonly unknown[] = []) => {
      if (sql.includes("pg_try_advisory_xact_lock")) return [{ got: true, home: "public" }] as R[]
      // who wrote the row is no longer asked: each statement is a transaction of its own
      return guarded.query<R>(sql.replace("($3::text is null or pg_current_xact_id()::text = $3)", "$3::text is not distinct from $3"), params)
    },
  }
}
