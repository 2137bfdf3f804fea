/** Pain 30: passwords in logs and error messages. */
import { describe, expect, test } from "bun:test"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { site } from "../../support/site.ts"

const SECRET = `p@ss:w/rd#?%&'"$\`é`

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("a password of special characters: in no output, wherever it comes from and whatever fails; nor in the audit table", async () => {
    await using at = await site(major, { "0001_a.sql": "SELECT 1;\n", "0002_b.sql": `CREATE ROLE never PASSWORD 'in-the-file-9z' NOSUCHOPTION;\n` })
    const role = `p${major}_${Math.random().toString(36).slice(2, 8)}`
    await at.ask(`create role ${role} superuser login password '${SECRET.replaceAll("'", "''")}'`)
    const { port, pathname } = new URL(at.url)
    const encoded = encodeURIComponent(SECRET)
    const good = { POSTGRES_HOST: "127.0.0.1", POSTGRES_PORT: port, POSTGRES_DB: pathname.slice(1), POSTGRES_USER: role, POSTGRES_PASSWORD: SECRET, DATABASE_URL: "" }
    const runs = [
      await at.run("db migrate up", good), await at.run("db migrate up", { ...good, POSTGRES_DB: "missing" }), await at.run("db migrate up --json", { ...good, POSTGRES_PORT: "1" }),
      await at.run("db migrate status", { DATABASE_URL: `postgres://${role}:${SECRET}@127.0.0.1:${port}/x` }), await at.run("db migrate status", { DATABASE_URL: `postgres://${role}:${encoded}@127.0.0.1:${port}/x?oops=${encoded}` }),
      await at.run("db migrate log --json", good),
    ]
    for (const { stdout, stderr, exit } of runs) {
      expect(exit).not.toBe(70)
      for (const form of [SECRET, encoded, SECRET.slice(0, 9)]) expect(stdout + stderr).not.toContain(form)
    }
    expect(runs[0]).toMatchObject({ exit: 1 })
    expect(JSON.stringify(await at.ask("select * from np_migrations_audit"))).not.toContain("in-the-file-9z")
  })
})
