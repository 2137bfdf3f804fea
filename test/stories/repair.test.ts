import { afterEach, expect, test } from "bun:test"
import { CONFIG, repository, table, type Repository } from "../support/repository.ts"

const made: Repository[] = []
afterEach(async () => void (await Promise.all(made.splice(0).map(one => one.remove()))))

const ID = `id: uuid("id").primaryKey().defaultRandom()`

async function story(): Promise<Repository> {
  const repo = await repository({ ...CONFIG, ...table("users", [ID, `email: text("email").notNull()`]) })
  made.push(repo)
  await repo.run("db migrate generate --name users")
  await repo.commit("users")
  return repo
}

test("rebase after the branch was applied in dev: up explains, repair records what is true, the late file is applied on request", async () => {
  const repo = await story()
  for (const [branch, name] of [["a", "documents"], ["b", "notes"]] as const) {
    await repo.branch(branch)
    await repo.write(`src/db/schema/${name}.ts`, table(name, [ID])[`src/db/schema/${name}.ts`]!)
    await repo.run(`db migrate generate --name ${name}`)
    await repo.commit(name)
  }
  await repo.run("db migrate up")
  await repo.git("checkout", "-q", "main")
  await repo.merge("a")
  await repo.git("checkout", "-q", "b")
  await repo.merge("main")
  await repo.run("db migrate rebase")
  await repo.commit("merge main")
  expect(await repo.type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    error: the database has 0002_notes, which was renumbered to 0003_notes after it was applied

    hint: nself db migrate repair
    --- exit 6"
  `)
  expect(await repo.type("db migrate repair --dry-run")).toContain("Would record for")
  const said = await repo.type("db migrate repair")
  expect(said.replace(/sha256:\w+/g, "sha256:…").replace(/By .*?,/, "By somebody,")).toMatchInlineSnapshot(`
    "$ nself db migrate repair
    --- stdout
    Recorded for embedded database in .nself/:
      0002_notes -> 0003_notes
          sha256:…
       -> sha256:…

    Shown on embedded PostgreSQL 18.6: the database is what these files make.
    By somebody, 2026-05-01 10:00:00 UTC.

    Not applied, though newer ones are: 0002_documents
      nself db migrate up --out-of-order
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 0"
  `)
  expect(await repo.run("db migrate up --out-of-order")).toContain("Applied 1 migration.")
  expect(await repo.run("db migrate up")).toContain("Nothing to do.")
  expect(await repo.run("db migrate verify-checksums")).toContain("All checksums match.")
  expect(await repo.run("db migrate diff")).toContain("No drift")
  expect(await repo.run("db migrate repair")).toContain("Nothing to repair")
  expect(await repo.run("db migrate log --json")).toContain(`"action": "repair"`)
}, 120_000)

test("a deliberate edit: verify explains its effect, repair wants it accepted and wants the database to be so", async () => {
  const repo = await story()
  await repo.run("db migrate up")
  const path = "migrations/0001_users.sql"
  const text = await repo.read(path)
  const masked = (said: string): string => said.replace(/[0-9a-f]{64}/g, "…").replace(/since [0-9a-f]{7,} \(developer-M, [\d-]+\)/, "since 1234567 (developer-M, 2026-05-01)").replace(/By .*?,/, "By somebody,")

  await repo.write(path, text.replace("CREATE TABLE", "-- the people\nCREATE  TABLE"))
  expect(masked(await repo.type("db migrate verify-checksums"))).toMatchInlineSnapshot(`
    "$ nself db migrate verify-checksums
    --- stdout
    Verifying 1 applied migration...
      [!] 0001_users  CHECKSUM MISMATCH
          Expected: sha256:…
          Got:      sha256:…
          Changed since 1234567 (developer-M, 2026-05-01): comments and white space only.

    ERROR: Applied migration has been modified. This is a schema integrity violation.
    To resolve: restore the original file, or create a new migration for the change.
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 4"
  `)
  expect(masked(await repo.type("db migrate repair"))).toMatchInlineSnapshot(`
    "$ nself db migrate repair
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    error: 0001_users.sql was altered after it was applied

    hint: see what that changed: nself db migrate verify-checksums; restore the file, or, if it is meant: nself db migrate repair --accept 0001_users.sql
    --- exit 4"
  `)
  expect(masked(await repo.type("db migrate repair --accept 0001_users.sql"))).toMatchInlineSnapshot(`
    "$ nself db migrate repair --accept 0001_users.sql
    --- stdout
    Recorded for embedded database in .nself/:
      0001_users as it is now
          sha256:…
       -> sha256:…

    Shown on embedded PostgreSQL 18.6: the database is what these files make.
    By somebody, 2026-05-01 10:00:00 UTC.
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 0"
  `)
  expect(await repo.run("db migrate verify-checksums")).toContain("All checksums match.")
  expect(await repo.run("db migrate verify-checksums --offline")).toContain("All checksums match.")

  await repo.commit("commented")
  await repo.write(path, text.replace(`"email" text NOT NULL`, `"email" text NOT NULL,\n  "nick" text`))
  expect(masked(await repo.type("db migrate verify-checksums --offline"))).toMatchInlineSnapshot(`
    "$ nself db migrate verify-checksums --offline
    --- stdout
    Verifying 1 migration against the journal...
      [!] 0001_users  CHECKSUM MISMATCH
          Expected: sha256:…
          Got:      sha256:…
          Changed since 1234567 (developer-M, 2026-05-01), and its effect with it:
            + column users.nick: text

    ERROR: Migration has been modified since it was generated. This is a schema integrity violation.
    To resolve: restore the original file, or create a new migration for the change.
    --- exit 4"
  `)
  expect(masked(await repo.type("db migrate repair --accept 0001_users"))).toMatchInlineSnapshot(`
    "$ nself db migrate repair --accept 0001_users
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    error: nothing was recorded: embedded database in .nself/ is not what the applied files make:
      missing column users.nick: text

    hint: nself db migrate diff; a migration that was applied in another form is taken back by hand first (its old files are in git)
    --- exit 5"
  `)
}, 120_000)

test("renumber: refused where the file is applied, written into the log of a database that has this history, undone by nothing half done", async () => {
  const repo = await repository({ ...CONFIG, "migrations/0001_a.sql": "create table a (id int);\n", "migrations/0002_b.sql": "create table b (id int);\n", "migrations/0002_b.down.sql": "drop table b;\n" })
  made.push(repo)
  await repo.run("db migrate up --to 0001")
  expect(await repo.type("db migrate renumber 0001_a.sql --to 0005")).toContain("0001_a.sql is applied in env dev: under another number it would be applied again")
  expect(await repo.type("db migrate renumber 0002_b.sql --to 0001")).toContain("number 0001 is taken by 0001_a.sql")
  expect(await repo.type("db migrate renumber 0009_x.sql --to 0010")).toContain("there is no migration 0009_x.sql in migrations")
  const before = await repo.read("migrations/meta/_journal.json")
  expect(await repo.type("db migrate renumber migrations/0002_b.sql --to 5 --dry-run")).toContain("Would renumber:\n  0002_b.sql -> 0005_b.sql")
  expect(await repo.read("migrations/meta/_journal.json")).toBe(before)
  expect(await repo.type("db migrate renumber migrations/0002_b.sql --to 5")).toMatchInlineSnapshot(`
    "$ nself db migrate renumber migrations/0002_b.sql --to 5
    --- stdout
    Renumbered:
      0002_b.sql -> 0005_b.sql
    Files:
      migrations/0005_b.sql
      migrations/0005_b.down.sql
      migrations/meta/_journal.json
      migrations/0002_b.sql (removed)
      migrations/0002_b.down.sql (removed)

    Then rebase journal
      nself db migrate journal rebase
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 0"
  `)
  expect(await repo.run("db migrate log --json")).toContain("0002_b becomes 0005_b")
  expect(await repo.run("db migrate up")).toContain("Applied 1 migration. Database is now at version 0005.")
}, 120_000)
