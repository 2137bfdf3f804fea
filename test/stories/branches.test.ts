import { afterEach, expect, test } from "bun:test"
import { CONFIG, repository, table, type Repository } from "../support/repository.ts"

const made: Repository[] = []
afterEach(async () => void (await Promise.all(made.splice(0).map(one => one.remove()))))

const ID = `id: uuid("id").primaryKey().defaultRandom()`
const UPDATED = `updatedAt: timestamp("updated_at").defaultNow().notNull()`
const EMAIL = `email: varchar("email", { length: 100 }).notNull()`

/** main with a table `users` and its migration. */
async function story(): Promise<Repository> {
  const repo = await repository({ ...CONFIG, ...table("users", [ID, EMAIL]) })
  made.push(repo)
  await repo.run("db migrate generate --name users")
  await repo.commit("users")
  return repo
}

/** Generates a migration for changed schema files on a branch of its own and commits it. */
async function develop(repo: Repository, branch: string, name: string, files: Readonly<Record<string, string>>, flags = "--no-renames"): Promise<void> {
  await repo.branch(branch)
  for (const [path, text] of Object.entries(files)) await repo.write(path, text)
  await repo.run(`db migrate generate ${flags} --name ${name}`)
  await repo.commit(name, {}, `developer-${branch.toUpperCase()}`)
}

/** Every command is green, the replay equals the declared schema, both ways run on a fresh database. */
async function green(repo: Repository): Promise<void> {
  expect(await repo.run("db migrate status --check-conflicts")).toMatch(/^No conflicts: \d+ migrations, one number each, one chain\.\n$/)
  expect(await repo.run("db migrate generate --check")).toContain("Nothing to generate")
  expect(await repo.run("db migrate verify-checksums --offline")).toContain("All checksums match.")
  expect(await repo.run("db migrate journal rebase")).toContain("Nothing to rebase")
  await repo.run("db migrate up")
  expect(await repo.run("db migrate verify-checksums")).toContain("All checksums match.")
  await repo.run("db migrate down --to 0")
}

test("both branches add a table: check, renumber, journal rebase, as the spec tells it", async () => {
  const repo = await story()
  await develop(repo, "a", "add_fts_index", table("documents", [ID, UPDATED]))
  await develop(repo, "b", "add_notifications", table("notifications", [ID, `body: text("body")`]))
  await repo.git("checkout", "-q", "main")
  await repo.merge("a")
  const unmerged = await repo.merge("b")
  expect(unmerged).toEqual(["migrations/meta/0002_snapshot.json", "migrations/meta/_journal.json"])
  expect(await repo.type("db migrate status --check-conflicts")).toMatchInlineSnapshot(`
    "$ nself db migrate status --check-conflicts
    --- stdout
    CONFLICT detected:
      0002_add_fts_index.sql (developer-A, hash: 73e525)
      0002_add_notifications.sql (developer-B, hash: a73433)

    These migrations have the same sequence number but different content.
    Resolution: renumber one of them
      nself db migrate renumber 0002_add_notifications.sql --to 0003
    Then rebase journal
      nself db migrate journal rebase

    CONFLICT detected:
      migrations/meta/_journal.json:7: git conflict markers in the journal
    --- exit 6"
  `)
  expect(await repo.type("db migrate renumber 0002_add_notifications.sql --to 0003")).toMatchInlineSnapshot(`
    "$ nself db migrate renumber 0002_add_notifications.sql --to 0003
    --- stdout
    Renumbered:
      0002_add_notifications.sql -> 0003_add_notifications.sql
    Files:
      migrations/meta/0002_snapshot.json
      migrations/0003_add_notifications.sql
      migrations/0003_add_notifications.down.sql
      migrations/meta/0003_snapshot.json
      migrations/0002_add_notifications.sql (removed)
      migrations/0002_add_notifications.down.sql (removed)

    Then rebase journal
      nself db migrate journal rebase
    --- exit 0"
  `)
  expect(await repo.type("db migrate journal rebase --dry-run")).toMatchInlineSnapshot(`
    "$ nself db migrate journal rebase --dry-run
    --- stdout
    Would rebase:
      0003_add_notifications  runs here as it is, and goes back
    Files:
      migrations/meta/0003_snapshot.json
      migrations/meta/_journal.json

    Proved on embedded PostgreSQL 18.6.
    --- exit 0"
  `)
  expect(await repo.type("db migrate journal rebase")).toMatchInlineSnapshot(`
    "$ nself db migrate journal rebase
    --- stdout
    Rebased:
      0003_add_notifications  runs here as it is, and goes back
    Files:
      migrations/meta/0003_snapshot.json
      migrations/meta/_journal.json

    Proved on embedded PostgreSQL 18.6.
    --- exit 0"
  `)
  await green(repo)
  const last = JSON.parse(await repo.read("migrations/meta/0003_snapshot.json")) as { tables: object; prevId: string }
  const before = JSON.parse(await repo.read("migrations/meta/0002_snapshot.json")) as { tables: object; id: string }
  expect(Object.keys(last.tables).toSorted()).toEqual(["public.documents", "public.notifications", "public.users"])
  expect(Object.keys(before.tables).toSorted()).toEqual(["public.documents", "public.users"])
  expect(last.prevId).toBe(before.id)
}, 120_000)

test("both branches alter one column: the later one's way back leads to the other one's column", async () => {
  const repo = await story()
  await develop(repo, "a", "longer", table("users", [ID, `email: varchar("email", { length: 200 }).notNull()`]))
  await develop(repo, "b", "as_text", table("users", [ID, `email: text("email").notNull()`]))
  await repo.git("checkout", "-q", "main")
  await repo.merge("a")
  await repo.git("checkout", "-q", "b")
  await repo.merge("main")
  expect(await repo.type("db migrate status --check-conflicts")).toMatchInlineSnapshot(`
    "$ nself db migrate status --check-conflicts
    --- stdout
    CONFLICT detected:
      0002_as_text.sql (developer-B, hash: 321312)
      0002_longer.sql (developer-A, hash: 26a01f)

    These migrations have the same sequence number but different content.
    Resolution: renumber one of them
      nself db migrate renumber 0002_longer.sql --to 0003
    Then rebase journal
      nself db migrate journal rebase

    CONFLICT detected:
      migrations/meta/_journal.json:7: git conflict markers in the journal

    CONFLICT detected:
      migrations/0002_as_text.sql:7
        ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE text USING "email"::text
      migrations/0002_longer.sql:7
        ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE varchar(200)

    The order of these two statements matters: changed column users.email: text NOT NULL -> varchar(200) NOT NULL
    --- exit 6"
  `)
  await repo.commit("merge main", table("users", [ID, `email: text("email").notNull()`]))
  expect(await repo.type("db migrate rebase --dry-run")).toContain("Would rebase:")
  expect(await repo.type("db migrate rebase")).toMatchInlineSnapshot(`
    "$ nself db migrate rebase
    --- stdout
    Rebased:
      0002_as_text -> 0003_as_text
      0003_as_text  runs here as it is; its way back was made anew
    Files:
      migrations/meta/0002_snapshot.json
      migrations/0003_as_text.sql
      migrations/0003_as_text.down.sql
      migrations/meta/0003_snapshot.json
      migrations/meta/_journal.json
      migrations/0002_as_text.sql (removed)
      migrations/0002_as_text.down.sql (removed)

    Proved on embedded PostgreSQL 18.6.
    A database that has them under their old numbers: nself db migrate repair
    --- exit 0"
  `)
  expect(await repo.read("migrations/0003_as_text.down.sql")).toContain(`SET DATA TYPE varchar(200)`)
  await green(repo)
}, 120_000)

test("one renames what the other indexes: the index is made on the new name", async () => {
  const repo = await story()
  await develop(repo, "a", "rename_mail", table("users", [ID, `mail: varchar("mail", { length: 100 }).notNull()`]), "--rename users.email=users.mail")
  await develop(repo, "b", "index_email", table("users", [ID, EMAIL], ", table => [index(\"users_email\").on(table.email)]"))
  await repo.git("checkout", "-q", "main")
  await repo.merge("a")
  await repo.git("checkout", "-q", "b")
  await repo.merge("main")
  expect(await repo.type("db migrate status --check-conflicts")).toContain("The order of these two statements matters")
  const merged = table("users", [ID, `mail: varchar("mail", { length: 100 }).notNull()`], ", table => [index(\"users_email\").on(table.mail)]")
  await repo.commit("merge main", merged)
  expect(await repo.type("db migrate rebase --onto main")).toMatchInlineSnapshot(`
    "$ nself db migrate rebase --onto main
    --- stdout
    Rebased:
      0002_index_email -> 0003_index_email
      0003_index_email  was made anew, both ways
          it no longer ran: column "email" does not exist
    Files:
      migrations/meta/0002_snapshot.json
      migrations/0003_index_email.sql
      migrations/0003_index_email.down.sql
      migrations/meta/0003_snapshot.json
      migrations/meta/_journal.json
      migrations/0002_index_email.sql (removed)
      migrations/0002_index_email.down.sql (removed)

    Proved on embedded PostgreSQL 18.6.
    A database that has them under their old numbers: nself db migrate repair
    --- exit 0"
  `)
  expect(await repo.read("migrations/0003_index_email.sql")).toContain(`CREATE INDEX "users_email" ON "users" ("mail");`)
  await green(repo)
}, 120_000)

test("one indexes what the other renames: what ran keeps its text", async () => {
  const repo = await story()
  await develop(repo, "a", "index_email", table("users", [ID, EMAIL], ", table => [index(\"users_email\").on(table.email)]"))
  await develop(repo, "b", "rename_mail", table("users", [ID, `mail: varchar("mail", { length: 100 }).notNull()`]), "--rename users.email=users.mail")
  await repo.git("checkout", "-q", "main")
  await repo.merge("a")
  await repo.git("checkout", "-q", "b")
  await repo.merge("main")
  await repo.commit("merge main", table("users", [ID, `mail: varchar("mail", { length: 100 }).notNull()`], ", table => [index(\"users_email\").on(table.mail)]"))
  expect(await repo.run("db migrate rebase --onto main")).toContain("0003_rename_mail  runs here as it is, and goes back")
  await green(repo)
}, 120_000)

test("three branches, each behind the one before; two of them bring the same function", async () => {
  const repo = await story()
  await develop(repo, "a", "documents", table("documents", [ID, UPDATED]))
  await develop(repo, "b", "notes", table("notes", [ID, UPDATED]))
  await develop(repo, "c", "files", table("files", [ID, `name: text("name")`]))
  await repo.git("checkout", "-q", "main")
  await repo.merge("a")
  for (const branch of ["b", "c"]) {
    await repo.git("checkout", "-q", branch)
    await repo.merge("main")
    const said = await repo.run("db migrate rebase")
    expect(said).toContain(branch === "b" ? "0003_notes  runs here as it is; its way back was made anew" : "0004_files  runs here as it is, and goes back")
    await repo.commit("merge main")
    await repo.git("checkout", "-q", "main")
    expect(await repo.merge(branch)).toEqual([])
  }
  expect([...new Bun.Glob("*_*.sql").scanSync(`${repo.dir}/migrations`)].filter(name => !name.includes(".down.")).toSorted()).toEqual(["0001_users.sql", "0002_documents.sql", "0003_notes.sql", "0004_files.sql"])
  await green(repo)
}, 180_000)
