import { afterEach, expect, test } from "bun:test"
import { CONFIG, repository, table, type Repository } from "../../support/repository.ts"

const made: Repository[] = []
afterEach(async () => void (await Promise.all(made.splice(0).map(one => one.remove()))))

const ID = `id: uuid("id").primaryKey().defaultRandom()`

test("two developers, one number: git's markers in the journal are committed, and one command settles it", async () => {
  const repo = await repository({ ...CONFIG, ...table("users", [ID]) })
  made.push(repo)
  await repo.run("db migrate generate --name users")
  await repo.commit("users")
  for (const name of ["documents", "notes"]) {
    await repo.branch(name)
    await repo.write(`src/db/schema/${name}.ts`, table(name, [ID])[`src/db/schema/${name}.ts`]!)
    await repo.run(`db migrate generate --name ${name}`)
    await repo.commit(name)
  }
  await repo.git("checkout", "-q", "documents")
  expect(await repo.merge("notes")).toContain("migrations/meta/_journal.json")
  await repo.commit("merged with all its markers")
  expect(await repo.read("migrations/meta/_journal.json")).toContain("<<<<<<< ")
  expect(await repo.type("db migrate up")).toContain("--- exit 6")
  expect(await repo.type("db migrate status --check-conflicts")).toContain("0002_documents.sql")
  await repo.git("branch", "-f", "main", "notes")
  expect(await repo.run("db migrate rebase --onto main")).toContain("0002_documents -> 0003_documents")
  expect(await repo.run("db migrate status --check-conflicts")).toBe("No conflicts: 3 migrations, one number each, one chain.\n")
  expect(await repo.run("db migrate generate --check")).toContain("Nothing to generate")
  expect(await repo.run("db migrate up")).toContain("Applied 3 migrations.")
}, 120_000)
