import { afterEach, expect, test } from "bun:test"
import { join, resolve } from "node:path"
import { CONFIG, repository, type Repository } from "../support/repository.ts"

const made: Repository[] = []
afterEach(async () => void (await Promise.all(made.splice(0).map(one => one.remove()))))

const FILES = { ...CONFIG, "migrations/0001_a.sql": "create table a (id int);\n", "migrations/0002_b.sql": "create table b (id int);\n" }

async function story(files: Readonly<Record<string, string>> = FILES): Promise<Repository> {
  const repo = await repository(files)
  made.push(repo)
  return repo
}

test("the hook lets a good commit pass and stops an altered file and a number that is taken", async () => {
  const repo = await story()
  expect((await repo.type("hooks install")).replace(repo.dir, "<dir>")).toMatchInlineSnapshot(`
    "$ nself hooks install
    --- stdout
    Installed: <dir>/.git/hooks/pre-commit
    It runs before every commit: nself hooks run
    --- exit 0"
  `)
  expect(await repo.run("hooks install")).toContain("Already installed")
  expect(await repo.read(".git/hooks/pre-commit")).toContain(resolve(import.meta.dir, "../../src/main.ts"))
  await repo.commit("good", { "readme.md": "x\n" })
  await expect(repo.commit("altered", { "migrations/0001_a.sql": "create table a (id bigint);\n" })).rejects.toThrow("0001_a  CHECKSUM MISMATCH")
  await repo.git("checkout", "--", "migrations")
  await repo.git("reset", "-q", "--hard")
  await expect(repo.commit("taken", { "migrations/0002_c.sql": "create table c (id int);\n" })).rejects.toThrow("These migrations have the same sequence number but different content.")
}, 60_000)

test("a hook of somebody else is left alone; outside a repository there is none", async () => {
  const repo = await story()
  await repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")
  expect((await repo.type("hooks install")).replaceAll(repo.dir, "<dir>")).toMatchInlineSnapshot(`
    "$ nself hooks install
    --- stderr
    error: <dir>/.git/hooks/pre-commit is a hook that nself did not write

    hint: add this line to it: nself hooks run
    --- exit 3"
  `)
  await Bun.$`rm -rf ${join(repo.dir, ".git")}`.quiet()
  expect(await repo.type("hooks install")).toContain("this is no git repository")
}, 30_000)
