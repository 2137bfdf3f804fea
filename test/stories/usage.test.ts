import { afterAll, beforeAll, expect, test } from "bun:test"
import { nself, project } from "../support/nself.ts"

let dir: string
let remove: () => Promise<void>
beforeAll(async () => ({ dir, remove } = await project({})))
afterAll(() => remove())

test.each<[string, string]>([
  ["no command", ""], ["half a command", "db migrate"], ["an unknown command", "db migrate bogus"], ["a slip", "db migrate statsu"],
  ["an unknown option", "db migrate up --tox 3"], ["a missing value", "db migrate up --to"], ["an option as value", "db migrate up --to --json"],
  ["no number", "db migrate up --to 3e2"], ["a word too many", "db migrate status now"], ["a value where none belongs", "db migrate up --dry-run=yes"],
  ["given twice", "db migrate up --to 1 --to 2"], ["an unknown environment", "db migrate status --env pord"], ["options first", "--env prod db migrate up"],
  ["a bad name", "db migrate generate --name ../x"],
])("%s is a usage error with the next thing to type", async (name, args) => {
  expect(`${name}: ${await nself(dir, args)}`).toMatchSnapshot()
})

test("a usage error is JSON too when JSON was asked for", async () => {
  expect(await nself(dir, "db migrate up --to x --json")).toMatchInlineSnapshot(`
    "$ nself db migrate up --to x --json
    --- stdout
    {
      "schema_version": "1",
      "command": "db migrate up",
      "error": {
        "code": "NSELF_USAGE",
        "class": "usage",
        "exit_code": 2,
        "message": "not a migration number: \`x\`",
        "hint": "give the number in front of the file name, for example --to 0003"
      }
    }
    --- stderr
    error: not a migration number: \`x\`

    hint: give the number in front of the file name, for example --to 0003
    --- exit 2"
  `)
})

test("help of a command and of a group, and the version", async () => {
  expect(await nself(dir, "db migrate status --help")).toMatchInlineSnapshot(`
    "$ nself db migrate status --help
    --- stdout
    Show applied and pending migrations

    Usage: nself db migrate status [options]

    Options:
      --check-conflicts  Fail (exit 6) when branches are in each other's way; needs no database
      --exit-code        Fail (exit 5) when a migration is pending
      --url <url>        Database, instead of the environment's
      --url-env <name>   As --url, from this environment variable
      --url-file <path>  As --url, from this file
      --all-tenants      For every tenant, each in its own schema
      --tenant <slug>    For this tenant only (repeatable)
      --matrix           With tenants: one row per tenant, one column per migration
      --env <name>       Environment: dev (unless said), staging, prod, or one with a file .env.<name>
      --json             Print the result as JSON
      --quiet            Say nothing but the answer and errors
      --verbose          Show which environment file said what, and every SQL text that the database and the shadow are sent, with its time
      --help             Show this help

    Examples:
      nself db migrate status
      nself db migrate status --all-tenants
      nself db migrate status --check-conflicts
    --- exit 0"
  `)
  expect(await nself(dir, "db migrate --help")).toContain("db migrate verify-checksums")
  expect(await nself(dir, "--version")).toMatchInlineSnapshot(`
    "$ nself --version
    --- stdout
    0.1.0
    --- exit 0"
  `)
})

test.each([["migrate up", "nself db migrate up"], ["generate", "nself db migrate generate"], ["db:migrate:up", "nself db migrate up"], ["db seeds", "nself db seed"]])("`nself %s` is no command, and the one that was meant is named", async (typed, meant) => {
  expect(await nself(dir, typed)).toContain(`hint: ${meant}\n--- exit 2`)
})

test("help and version are understood without dashes", async () => {
  expect((await nself(dir, "help db migrate status")).split("\n").slice(1)).toEqual((await nself(dir, "db migrate status --help")).split("\n").slice(1))
  expect(await nself(dir, "help")).toContain("Commands:")
  expect((await nself(dir, "version")).split("\n").slice(1)).toEqual((await nself(dir, "--version")).split("\n").slice(1))
})

test.each([
  ...["up", "down", "status", "diff", "verify-checksums"].flatMap(word => [`db migrate ${word}`, `db migrate ${word} --all-tenants`]), "db tenant create acme",
])("%s in a folder that holds no project is an error, not a database that is up to date", async args => {
  expect(await nself(dir, args, { env: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/x" } })).toBe(`$ nself ${args}
--- stderr
error: no drizzle.config.ts and no migrations in <dir>

hint: go to the project's folder, or begin one here: nself init
--- exit 2`)
})
