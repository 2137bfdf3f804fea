/** FAULTS.md, section 5: who answers, who listens, and what must never be said. */
import { describe, expect, test } from "bun:test"
import { chmod } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { runNself } from "../../support/nself.ts"
import { certificates, tlsCluster } from "../../support/tls.ts"
import { site } from "../../support/site.ts"

const ONE = { "0001_a.sql": "CREATE TABLE a (n int);\n" }

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("#62 a stranger with a certificate of its own: refused; with the authority's file accepted; a wrong host name refused", async () => {
    await using made = await certificates("localhost")
    await using cluster = await tlsCluster(major, made)
    await using at = await site(major, ONE, cluster.url)
    const said = async (query: string, host = "localhost", env = {}): Promise<[number, string]> => {
      const { exit, stderr } = await at.run("db migrate status", { DATABASE_URL: `postgres://postgres@${host}:${cluster.port}/postgres?${query}`, ...env })
      return [exit, stderr]
    }
    expect(await said("sslmode=verify-full")).toEqual([1, expect.stringContaining("certificate of localhost")])
    expect(await said(`sslmode=verify-full&sslrootcert=${made.otherCa}`)).toEqual([1, expect.stringContaining("certificate of localhost")])
    expect((await said(`sslmode=verify-full&sslrootcert=${made.ca}`))[0]).toBe(0)
    expect((await said("sslmode=verify-full", "localhost", { PGSSLROOTCERT: made.ca }))[0]).toBe(0)
    expect(await said(`sslmode=verify-full&sslrootcert=${made.ca}`, "127.0.0.1")).toEqual([1, expect.stringContaining("certificate of 127.0.0.1")])
    expect((await said(`sslmode=verify-ca&sslrootcert=${made.ca}`, "127.0.0.1"))[0]).toBe(0)
    await at.ask("create role bound login superuser password 'x'")
    const bound = `postgres://bound:x@localhost:${cluster.port}/postgres?sslmode=verify-full&sslrootcert=${made.ca}`
    for (const binding of ["", "&channel_binding=require", "&channel_binding=disable"]) expect((await at.run("db migrate status", { DATABASE_URL: bound + binding })).exit, binding).toBe(0)
    // #65 a variable that would turn the check off for every program
    expect((await said("sslmode=verify-full", "localhost", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }))[0]).toBe(1)
    const prod = await at.run("db migrate status --env prod", { DATABASE_URL: `postgres://postgres@localhost:${cluster.port}/postgres?sslmode=verify-full&sslrootcert=${made.ca}`, NODE_TLS_REJECT_UNAUTHORIZED: "0" })
    expect([prod.exit, prod.stderr]).toEqual([3, expect.stringContaining("NODE_TLS_REJECT_UNAUTHORIZED=0 is set")])
  }, 60_000)

  test("#63 #64 #65 a server without TLS: sslmode=require and PGSSLMODE are honoured, NODE_TLS_REJECT_UNAUTHORIZED changes nothing", async () => {
    await using at = await site(major, ONE)
    expect(await at.run("db migrate up", { DATABASE_URL: `${at.url}?sslmode=require` })).toMatchObject({ exit: 1, stderr: expect.stringContaining("does not offer TLS") })
    expect(await at.run("db migrate up", { PGSSLMODE: "verify-full" })).toMatchObject({ exit: 1, stderr: expect.stringContaining("does not offer TLS") })
    expect(await at.run("db migrate up", { PGSSLMODE: "verify-full", NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toMatchObject({ exit: 1, stderr: expect.stringContaining("does not offer TLS") })
    expect((await at.run("db migrate up")).exit).toBe(0)
  })

  test("#61 a secret is said nowhere: not in text, JSON, errors, the audit table or the server's view of nself", async () => {
    for (const secret of ["p/ss#w?rd%q'\"", "a&b=c:d@e"]) {
      await using at = await site(major, { ...ONE, "0002_b.sql": "SELECT nonsense;\n" })
      const role = `r${major}_${Math.random().toString(36).slice(2, 8)}`
      await at.ask(`create role ${role} superuser login password '${secret.replaceAll("'", "''")}'`)
      const { host, pathname } = new URL(at.url)
      const encoded = encodeURIComponent(secret)
      const good = `postgres://${role}:${encoded}@${host}${pathname}`
      const bad = [`postgres://${role}:${secret}@${host}${pathname}`, `postgres://${role}:${encoded}@nowhere.invalid/x`, `postgres://${role}:x${encoded}@${host}${pathname}`, `postgres://${role}:${encoded}@${host}${pathname}?nonsense=${encoded}`]
      await at.write("url", good)
      const runs = [
        await at.run("db migrate up --json", { DATABASE_URL: good }), await at.run(["db", "migrate", "up", "--url", good]), await at.run("db migrate status --url-env U", { U: good, DATABASE_URL: "" }),
        await at.run("db migrate status --url-file url", { DATABASE_URL: "" }), await at.run("db migrate log --json", { DATABASE_URL: good }), await at.run("doctor --json", { DATABASE_URL: good }),
        await at.run("db migrate status", { DATABASE_URL: "", POSTGRES_HOST: "127.0.0.1", POSTGRES_PORT: host.split(":")[1]!, POSTGRES_USER: role, POSTGRES_PASSWORD: `wrong${secret}`, POSTGRES_DB: "postgres" }),
        ...(await Promise.all(bad.flatMap(url => [at.run("db migrate up", { DATABASE_URL: url }), at.run(["db", "migrate", "status", "--json", "--url", url])]))),
      ]
      for (const { stdout, stderr, exit } of runs) {
        expect(exit).not.toBe(70)
        for (const form of [secret, encoded]) expect(stdout + stderr).not.toContain(form)
      }
      expect(runs[1]!.stderr).toContain("everybody on this machine can read a password in --url")
      expect([runs[2]!.exit, runs[3]!.exit]).toEqual([0, 0])
      expect(JSON.stringify(await at.ask("select * from np_migrations_audit, np_migrations"))).not.toContain(secret)
      const { stdout } = await at.run("db migrate status --url-env MISSING")
      expect(stdout).toBe("")
    }
  }, 120_000)

  test("#61 a password file is read as libpq reads it, and not when others may read it", async () => {
    await using at = await site(major, ONE)
    const role = `f${major}_${Math.random().toString(36).slice(2, 8)}`
    await at.ask(`create role ${role} superuser login password 'a:b\\c'`)
    const { port, pathname } = new URL(at.url)
    await at.write("pass", `# mine\n127.0.0.1:1:*:${role}:wrong\n127.0.0.1:${port}:${pathname.slice(1)}:${role}:a\\:b\\\\c\n*:*:*:*:other\n`)
    const env = { DATABASE_URL: at.url.replace("postgres@", `${role}@`), PGPASSFILE: join(at.dir, "pass") }
    await chmod(join(at.dir, "pass"), 0o600)
    expect((await at.run("db migrate up", env)).exit).toBe(0)
    await chmod(join(at.dir, "pass"), 0o644)
    expect(await at.run("db migrate status", env)).toMatchObject({ exit: 1, stderr: expect.stringContaining("may be read by others, so it is not used: chmod 600") })
  })

  test("#61 an environment file with a password that others may read is warned of where people work", async () => {
    await using at = await site(major, ONE)
    await at.write(".env.staging", `DATABASE_URL=${at.url.replace("postgres@", "postgres:hush-hush@")}\n`)
    await chmod(join(at.dir, ".env.staging"), 0o644)
    const open = await runNself(at.dir, "db migrate status --env staging")
    expect([open.exit, open.stderr]).toEqual([0, "warning: .env.staging holds a password and may be read by others: chmod 600 .env.staging\n"])
    await chmod(join(at.dir, ".env.staging"), 0o600)
    expect((await runNself(at.dir, "db migrate status --env staging")).stderr).toBe("")
  })

  test("#59 what runs in production never runs the user's TypeScript: a config and a schema that throw do not matter", async () => {
    await using at = await site(major, { ...ONE, "drizzle.config.ts": `import { writeFileSync } from "node:fs"\nwriteFileSync("ran", "")\nthrow new Error("ran")\nexport default { schema: "./schema.ts", out: "./migrations", dialect: "postgresql" }\n`, "schema.ts": `throw new Error("ran")\n` })
    for (const command of ["db migrate up --env prod", "db migrate status --env prod", "db migrate verify-checksums --env prod", "db migrate log --env prod", "db migrate lint"]) {
      expect(await at.run(command), command).toMatchObject({ exit: 0 })
    }
    expect(await Bun.file(join(at.dir, "ran")).exists()).toBe(false)
  })

  test("#71 what the server says beside its answers goes to stderr; --json stays JSON", async () => {
    await using at = await site(major, { "0001_a.sql": "DO $$ BEGIN RAISE NOTICE 'hello %', 1; RAISE WARNING 'careful'; END $$;\nDROP TABLE IF EXISTS nothing;\n" })
    const { stdout, stderr, exit } = await at.run("db migrate up --json")
    expect([exit, JSON.parse(stdout).data.steps[0].state]).toEqual([0, "done"])
    expect(stderr).toContain("NOTICE: hello 1")
    expect(stderr).toContain("WARNING: careful")
  })

  test("#77 another engine is named and refused", async () => {
    await using impostor = await stub("CockroachDB CCL v23.1.0 (x86_64-pc-linux-gnu)")
    await using at = await site(major, ONE, `postgres://postgres@127.0.0.1:${impostor.port}/x?sslmode=disable`)
    expect(await at.run("db migrate up")).toMatchObject({ exit: 3, stderr: expect.stringContaining("CockroachDB is not PostgreSQL") })
  })

  test("a password in clear text is not sent over an open line to another machine", async () => {
    await using listener = await stub("", "clear text")
    await using at = await site(major, ONE, `postgres://u:hush-hush@127.0.0.1:${listener.port}/x?sslmode=disable`)
    await at.run("db migrate status") // to this machine it may be
    expect(listener.heard()).toContain("hush-hush")
    listener.forget()
    // this machine, too, but by a name that does not say so
    const elsewhere = await at.run("db migrate status", { DATABASE_URL: at.url.replace("127.0.0.1", "127.1") })
    expect(elsewhere.exit).toBe(1)
    expect(elsewhere.stderr).toContain("asks for the password in clear text, and the connection is not encrypted; it was not sent")
    expect(elsewhere.stderr).toContain("warning: sslmode=disable to 127.1")
    expect(listener.heard()).not.toContain("hush-hush")
  })
})

/** Speaks just enough of the protocol to let a client in, say a version, or ask for a password in clear text. */
async function stub(version: string, asks?: "clear text"): Promise<AsyncDisposable & { readonly port: number; readonly heard: () => string; readonly forget: () => void }> {
  let heard = ""
  const message = (type: string, ...parts: (string | Buffer)[]): Buffer => {
    const body = Buffer.concat(parts.map(part => Buffer.from(part)))
    const head = Buffer.alloc(5)
    head.write(type)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const int = (value: number, bytes: 2 | 4): Buffer => {
    const buffer = Buffer.alloc(bytes)
    bytes === 2 ? buffer.writeInt16BE(value) : buffer.writeInt32BE(value)
    return buffer
  }
  const answer = Buffer.concat([
    message("T", int(1, 2), "version\0", int(0, 4), int(0, 2), int(25, 4), int(-1, 2), int(-1, 4), int(0, 2)), message("D", int(1, 2), int(Buffer.byteLength(version), 4), version),
    message("C", "SELECT 1\0"), message("Z", "I"),
  ])
  const server = createServer(socket => {
    socket.on("error", () => {})
    socket.on("data", (data: Buffer) => {
      heard += data.toString("latin1")
      if (data[0] === "Q".charCodeAt(0)) socket.write(answer)
      else if (data[0] === "p".charCodeAt(0)) socket.destroy()
      else if (asks) socket.write(message("R", int(3, 4)))
      else socket.write(Buffer.concat([message("R", int(0, 4)), message("K", int(1, 4), int(1, 4)), message("Z", "I")]))
    })
  })
  await new Promise<void>(done => void server.listen(0, "127.0.0.1", done))
  return {
    port: (server.address() as { port: number }).port, heard: () => heard, forget: () => void (heard = ""),
    [Symbol.asyncDispose]: () => new Promise<void>(done => void server.close(() => done())),
  }
}

test("bent files and URLs: never a stack trace, never exit 70, never a secret (bun run fuzz bends 20,000)", async () => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "../../../scripts/fuzz/run.ts"), "--inputs", "400", "--spawned", "6"], { stdout: "pipe", stderr: "inherit" })
  const said = await new Response(child.stdout).text()
  expect(await child.exited, said).toBe(0)
}, 120_000)
