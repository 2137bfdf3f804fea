/**
 * How long a person waits for the answers that need no shadow, and how much memory they take: `--version` against `bun --version`, and
 * `status`, `verify-checksums`, `up` and the pre-commit hook on 1000 applied migrations against `psql -c 'select 1'`. `bun run bench:start`, after `bun run build`.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { startServer } from "../../test/support/server.ts"
import { checksum } from "../../test/support/checksum.ts"
import { measure, ms, type Cost } from "./measure.ts"

const MIGRATIONS = 1000
const binary = resolve(import.meta.dir, "../../dist/nself")
const dir = await mkdtemp(join(tmpdir(), "nself-bench-"))

function line(what: string, cost: Cost, than: Cost, other: string): void {
  console.log(`${what.padEnd(34)} best ${ms(cost.best).padStart(8)}  median ${ms(cost.median).padStart(8)}  ${(cost.best / than.best).toFixed(2)} times ${other}  peak ${cost.peak.toFixed(0)} MB`)
}

async function history(): Promise<void> {
  const entries: object[] = []
  for (let n = 1; n <= MIGRATIONS; n++) {
    const tag = `${String(n).padStart(4, "0")}_step`
    const up = `create table t${n} (id int primary key, name text not null default 'x');\n`
    await Bun.write(join(dir, "migrations", `${tag}.sql`), up)
    await Bun.write(join(dir, "migrations", `${tag}.down.sql`), `drop table t${n};\n`)
    entries.push({ idx: n - 1, version: "7", when: n, tag, breakpoints: true, checksum: checksum(up) })
  }
  await Bun.write(join(dir, "migrations/meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2))
}

try {
  const bun = await measure({ command: [process.execPath, "--version"], cwd: dir, runs: 40 })
  line("nself --version", await measure({ command: [binary, "--version"], cwd: dir, runs: 40 }), bun, "bun --version")
  await history()
  const url = await (await startServer(18)).database()
  const env = { DATABASE_URL: url }
  const nself = (words: string, runs = 20) => measure({ command: [binary, ...words.split(" ")], cwd: dir, env, runs })
  await nself("db migrate up", 1)
  const psql = await measure({ command: ["psql", url, "-c", "select 1"], cwd: dir, runs: 20 })
  for (const words of ["db migrate status", "db migrate verify-checksums", "db migrate up", "db migrate verify-checksums --offline", "hooks run"]) line(words, await nself(words), psql, "psql")
} finally {
  await rm(dir, { recursive: true, force: true })
}
process.exit(0)
