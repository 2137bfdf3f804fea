import { expect, test } from "bun:test"
import { passwordsIn, redactor, secretsOf } from "../../src/core/redact.ts"

const HARD = "p/s#s%w'o\"r@d:"

test.each<[string, string, string]>([
  ["a URL", "postgres://u:hunter22@h/db", "postgres://u:***@h/db"],
  ["a URL with an unencoded password", "bad URL postgresql://u:p/s#s@d@h:1/db.", "bad URL postgresql://u:***@h:1/db."],
  ["key and value", "host=x password=hunter22 user=u", "host=x password=*** user=u"],
  ["a quoted value", "password='a b c' user=u", "password=*** user=u"],
  ["a query parameter", "postgres://h/db?user=u&password=hunter22&x=1", "postgres://h/db?user=u&password=***&x=1"],
  ["no password", "postgres://u@h/db", "postgres://u@h/db"],
])("%s is masked without knowing the secret", (_, text, masked) => {
  expect(redactor([])(text)).toBe(masked)
})

test("a known password full of special characters is masked in every form", () => {
  const redact = redactor([HARD])
  for (const text of [`said ${HARD}!`, `url ${encodeURIComponent(HARD)}`, JSON.stringify({ a: HARD })]) {
    expect(redact(text)).toContain("***")
    expect(redact(text)).not.toContain("s#s")
    expect(redact(text)).not.toContain("s%23s")
  }
})

test("secrets are found in an environment by name and in its URLs", () => {
  const env = { POSTGRES_PASSWORD: "one1", PGPASSWORD: "two2", DATABASE_URL: "postgres://u:th%72ee@h/db", HOME: "/root" }
  expect(secretsOf(env)).toEqual(["one1", "two2", "th%72ee", "three"])
  expect(passwordsIn("postgres://h/db?password=x%20y")).toEqual(["x%20y", "x y"])
})
