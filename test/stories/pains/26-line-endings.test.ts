import { afterEach, expect, test } from "bun:test"
import { nself, project } from "../../support/nself.ts"

const removes: (() => Promise<void>)[] = []
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

const SQL = "create table a (\n  id int\n);\n"
const FILES = { "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations" }\n`, "migrations/0001_a.sql": SQL }

test("CRLF and LF are the same text, and that is said where it is the only change; a real change is still one", async () => {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  await nself(dir, "db migrate up")
  await Bun.write(`${dir}/migrations/0001_a.sql`, SQL.replaceAll("\n", "\r\n"))
  expect(await nself(dir, "db migrate verify-checksums")).toContain("0001_a  OK (line endings differ: CRLF and LF are the same text)\nAll checksums match.")
  expect(await nself(dir, "db migrate up")).toContain("Nothing to do.")
  await Bun.write(`${dir}/migrations/0001_a.sql`, SQL.replace("int", "bigint").replaceAll("\n", "\r\n"))
  expect(await nself(dir, "db migrate verify-checksums")).toContain("CHECKSUM MISMATCH")
}, 60_000)
