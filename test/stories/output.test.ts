import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { project, runNself } from "../support/nself.ts"

const MAIN = join(import.meta.dir, "../../src/main.ts")
/** Much more than a pipe holds. */
const LONG = Array.from({ length: 3000 }, (_, i) => `CREATE TABLE t${i} (${"column_with_a_long_name integer, ".repeat(2)}id integer);`).join("\n")
let dir: string
let remove: () => Promise<void>
beforeAll(async () => void ({ dir, remove } = await project({ "migrations/0001_a.sql": `${LONG}\n`, "migrations/0001_a.down.sql": "SELECT 1;\n" })))
afterAll(() => remove())

/** What a shell gives. */
async function shell(command: string): Promise<{ readonly out: string; readonly err: string; readonly exit: number }> {
  const child = Bun.spawn(["bash", "-c", `nself() { ${process.execPath} --no-env-file ${MAIN} "$@"; }; set -o pipefail; ${command}`], { cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"]!, HOME: dir } })
  const [out, err, exit] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out, err, exit }
}

test("a reader that is slow gets all of a long answer: what it had not taken when nself was done was lost", async () => {
  const whole = (await runNself(dir, "db migrate up --dry-run --json")).stdout
  expect(whole.length).toBeGreaterThan(200_000)
  expect(JSON.parse(whole)).toMatchObject({ command: "db migrate up" })
  expect(await shell("nself db migrate up --dry-run --json 2>/dev/null | (sleep 1.5; cat)")).toEqual({ out: whole, err: "", exit: 0 })
}, 60_000)

test("a reader that goes away is nobody's fault, and one that is not there neither", async () => {
  expect(await shell("nself db migrate up --dry-run 2>/dev/null | head -1")).toMatchObject({ out: "-- migrations/0001_a.sql\n", exit: 0 })
  expect(await shell("nself db migrate up --dry-run 2>/dev/null >&-")).toMatchObject({ out: "", exit: 0 })
}, 60_000)

test("an answer that a full disk did not take is a failure", async () => {
  expect(await shell("nself db migrate up --dry-run > /dev/full")).toMatchObject({ exit: 1, err: expect.stringContaining("error: the answer could not be written: ") })
}, 60_000)
