/** `generate` on 100 tables, plain and large, the first time and with a history, beside what PostgreSQL itself takes for the proof; prints what each took. `bun run bench:generate [tables]`, after `bun run build`. */
import { rm } from "node:fs/promises"
import { join, resolve } from "node:path"
import { measure, ms } from "./measure.ts"
import { benchProject } from "./project.ts"
import { proofFloor } from "./proof-floor.ts"

const tables = Number(process.argv[2] ?? 100)
const binary = resolve(import.meta.dir, "../../dist/nself")
const project = await benchProject()
const generate = (words: readonly string[], before?: () => Promise<void>) =>
  measure({ command: [binary, "db", "migrate", "generate", ...words], cwd: project.dir, runs: 5, ...(before && { before }) })

try {
  const forget = () => rm(join(project.dir, "migrations"), { recursive: true, force: true })
  await project.plainTables(tables)
  const plain = await generate(["--name", "first"], forget)
  console.log(`first migration of ${tables} plain tables  best ${ms(plain.best)}  median ${ms(plain.median)}  peak ${plain.peak.toFixed(0)} MB  (five columns, one foreign key)`)
  await project.tables(tables)
  const first = await generate(["--name", "first"], forget)
  console.log(`first migration of ${tables} large tables  best ${ms(first.best)}  median ${ms(first.median)}  peak ${first.peak.toFixed(0)} MB`)
  const floor = await proofFloor(project.dir, 5)
  console.log(`floor: PostgreSQL 18 itself           best ${ms(floor)}  for the declared SQL, up and down, each read back: ${(first.best / floor).toFixed(2)} × floor`)
  const check = await generate(["--check"])
  console.log(`--check, nothing changed              best ${ms(check.best)}  median ${ms(check.median)}  peak ${check.peak.toFixed(0)} MB`)
  await project.tables(tables + 1)
  const next = await generate(["--dry-run"])
  console.log(`one table more                        best ${ms(next.best)}  median ${ms(next.median)}  peak ${next.peak.toFixed(0)} MB`)
} finally {
  await rm(project.dir, { recursive: true, force: true })
}
