import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { commands } from "../../src/cli/commands.ts"
import { findCommand, parseGiven } from "../../src/cli/argv.ts"
import { project } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

const root = resolve(import.meta.dir, "../..")
let server: TestServer
let bin: string
const removes: (() => Promise<void>)[] = []
beforeAll(async () => {
  server = await startServer(17)
  bin = await mkdtemp(join(tmpdir(), "nself-ci-bin-"))
  await writeFile(join(bin, "nself"), `#!/bin/sh\nexec ${process.execPath} --no-env-file ${root}/src/main.ts "$@"\n`, { mode: 0o755 })
  await writeFile(join(bin, "gh"), FAKE_GH, { mode: 0o755 })
}, 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(() => rm(bin, { recursive: true, force: true }))

/** Keeps comments as files `comment-<id>` and writes down each call. */
const FAKE_GH = `#!/bin/sh
echo "$*" >>"$GH_DIR/calls"
for word; do case $word in body=@*) body=\${word#body=@} ;; repos/*) path=$word ;; esac; done
case "$*" in
  *--jq*) for file in "$GH_DIR"/comment-*; do [ ! -f "$file" ] || { head -n 1 "$file" | grep -q '^<!-- nself' && echo "\${file##*-}"; }; done; exit 0 ;;
  *POST*) cp "$body" "$GH_DIR/comment-77" ;;
  *PATCH*) cp "$body" "$GH_DIR/comment-\${path##*/}" ;;
esac
`

const FILES = {
  "drizzle.config.json": `{ "dialect": "postgresql", "schema": "./schema.ts", "out": "./migrations" }`,
  "schema.ts": `import { integer, pgTable } from "drizzle-orm/pg-core"\nexport const users = pgTable("users", { id: integer().primaryKey() })\n`,
  "migrations/0001_users.sql": `CREATE TABLE "users" (\n  "id" integer PRIMARY KEY NOT NULL\n);\n`,
  "migrations/0001_users.down.sql": `DROP TABLE "users";\n`,
}

async function job() {
  const { dir, remove } = await project(FILES)
  const url = await server.database()
  removes.push(remove)
  const report = async (env: Readonly<Record<string, string>> = {}) => {
    const child = Bun.spawn(["/bin/sh", join(root, "ci/report.sh")], {
      cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe",
      env: { PATH: `${bin}:/usr/bin:/bin`, HOME: dir, GH_DIR: dir, DATABASE_URL: url, NSELF_REPORT: join(dir, "report.md"), ...env },
    })
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
    return { code: await child.exited, out, err, report: await Bun.file(join(dir, "report.md")).text() }
  }
  return { dir, url, report, read: (file: string) => Bun.file(join(dir, file)).text(), sql: (text: string) => admin(url, text) }
}

test("what up would run is shown; with NSELF_APPLY it is run", async () => {
  const { report } = await job()
  expect(await report()).toMatchObject({ code: 0, report: `<!-- nself dev -->
### nself: dev

Applied migrations are as they were applied.

**up would run**

\`\`\`sql
-- migrations/0001_users.sql
CREATE TABLE "users" (
  "id" integer PRIMARY KEY NOT NULL
);


\`\`\`

No drift.
` })
  expect(await report({ NSELF_APPLY: "true" })).toMatchObject({ code: 0, out: expect.stringContaining("Applied 1 migration") })
  expect((await report()).report).toContain("Nothing is pending.")
})

test("an altered file ends with nself's exit code for it, and nothing is applied", async () => {
  const { dir, report } = await job()
  await report({ NSELF_APPLY: "true" })
  await appendFile(join(dir, "migrations/0001_users.sql"), "-- changed\n")
  const said = await report({ NSELF_APPLY: "true" })
  expect(said.code).toBe(4)
  expect(said.report).toContain("**Applied migrations were altered**")
  expect(said.report).toContain("CHECKSUM MISMATCH")
})

test("drift is annotated, reported and fails, unless it may not", async () => {
  const { report, sql } = await job()
  await report({ NSELF_APPLY: "true" })
  await sql("create table by_hand (id int)")
  const said = await report({ GITHUB_ACTIONS: "true" })
  expect(said.code).toBe(5)
  expect(said.out).toContain("::warning title=Schema drift::Extra in DB")
  expect(said.report).toContain("**The database was changed by hand**")
  expect(await report({ NSELF_FAIL_ON_DRIFT: "false" })).toMatchObject({ code: 0 })
})

test("on GitHub there is one comment per environment, kept up to date", async () => {
  const { report, read, dir } = await job()
  const github = { GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "me/app", NSELF_PULL: "12", GITHUB_STEP_SUMMARY: join(dir, "summary") }
  await report({ ...github, NSELF_APPLY: "true" })
  expect(await read("comment-77")).toContain("up would run")
  expect(await read("summary")).toContain("up would run")
  await report(github)
  expect(await read("comment-77")).toContain("Nothing is pending.")
  const calls = (await read("calls")).split("\n").filter(line => !line.includes("--jq")).map(line => line.replace(/body=@\S+/, "body=@…"))
  expect(calls).toEqual([
    "api --silent --method POST repos/me/app/issues/12/comments --field body=@…", "api --silent --method PATCH repos/me/app/issues/comments/77 --field body=@…", "",
  ])
})

test("on GitLab too, with the token in no argument", async () => {
  const { report } = await job()
  const notes: { id: number; body: string }[] = [{ id: 3, body: "a person's \"body\":\"<!-- nself dev -->\" trick" }]
  const seen: string[] = []
  const api = Bun.serve({
    hostname: "127.0.0.1", port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      seen.push(`${request.method} ${pathname} ${request.headers.get("PRIVATE-TOKEN")}`)
      if (request.method === "GET") return Response.json(notes)
      const body = new URLSearchParams(await request.text()).get("body")!
      if (request.method === "POST") notes.unshift({ id: 41, body })
      else notes.find(note => pathname.endsWith(`/${note.id}`))!.body = body
      return Response.json({})
    },
  })
  const gitlab = { CI_API_V4_URL: `http://127.0.0.1:${api.port}`, CI_PROJECT_ID: "9", CI_MERGE_REQUEST_IID: "4", NSELF_GITLAB_TOKEN: "glpat-x" }
  await report({ ...gitlab, NSELF_APPLY: "true" })
  await report(gitlab)
  await api.stop(true)
  expect(notes).toMatchObject([{ id: 41, body: expect.stringContaining("Nothing is pending.") }, { id: 3, body: expect.stringContaining("trick") }])
  expect(new Set(seen)).toEqual(new Set(["GET /projects/9/merge_requests/4/notes glpat-x", "POST /projects/9/merge_requests/4/notes glpat-x", "PUT /projects/9/merge_requests/4/notes/41 glpat-x"]))
})

test("the hooks of .pre-commit-hooks.yaml run in a repository that is well, and say what is wrong in one that is not", async () => {
  const { dir, url } = await job()
  const hooks = Bun.YAML.parse(await Bun.file(join(root, ".pre-commit-hooks.yaml")).text()) as { id: string; entry: string; language: string; files: string }[]
  const run = async (entry: string) => {
    const child = Bun.spawn(["/bin/sh", "-c", entry], { cwd: dir, stdout: "ignore", stderr: "ignore", stdin: "ignore", env: { PATH: `${bin}:/usr/bin:/bin`, HOME: dir, DATABASE_URL: url } })
    return child.exited
  }
  expect(hooks.map(hook => hook.language)).toEqual(["system", "system"])
  expect(await Promise.all(hooks.map(hook => run(hook.entry)))).toEqual([0, 0])
  expect(hooks.map(({ files }) => ["migrations/0001_a.sql", "src/db/schema/users.ts", "README.md"].filter(path => new RegExp(files).test(path)).length)).toEqual([1, 2])
  await appendFile(join(dir, "migrations/0001_users.sql"), "-- changed\n")
  expect(await run(hooks[0]!.entry)).toBe(4)
  await appendFile(join(dir, "schema.ts"), `export const more = pgTable("more", { id: integer() })\n`)
  expect(await run(hooks[1]!.entry)).toBe(5)
})

/** Every `nself …` of a text, as words; a shell's variable in quotes is one word. */
function typed(text: string): string[][] {
  return [...text.replaceAll(/"\$\{?(\w+)[^"]*"/g, "$1").matchAll(/\bnself ((?:db|doctor|init|hooks|upgrade)\b[^\n"'|&;>)#`]*)/g)].map(found => found[1]!.trim().split(/\s+/).filter(word => !/^[$@]/.test(word)))
}

test.each([
  "action.yml", "ci/report.sh", "docker/entrypoint.sh", "Dockerfile", "examples/github/.github/workflows/migrate.yml", "examples/gitlab/.gitlab-ci.yml",
  "examples/docker/compose.yaml", "examples/kubernetes/migrate-job.yaml", "examples/kubernetes/deployment.yaml", ".pre-commit-hooks.yaml",
])("%s can be read, and every command line in it is one that nself understands", async path => {
  const text = await Bun.file(join(root, path)).text()
  if (/\.ya?ml$/.test(path)) expect(Bun.YAML.parse(text)).toBeTruthy()
  for (const words of typed(text)) {
    const found = findCommand(words, commands)
    expect({ words, known: found !== null }).toEqual({ words, known: true })
    parseGiven(found!.command, found!.rest)
  }
})

test("the spec's steps stand in the example workflow, in its order", async () => {
  const workflow = Bun.YAML.parse(await Bun.file(join(root, "examples/github/.github/workflows/migrate.yml")).text()) as { name: string; on: { push: object }; jobs: { migrate: { steps: { name?: string; run?: string }[] } } }
  expect(workflow.name).toBe("Database Migrations")
  expect(workflow.on.push).toEqual({ branches: ["main"], paths: ["migrations/**", "src/db/schema/**"] })
  const names = workflow.jobs.migrate.steps.flatMap(step => step.name ?? [])
  expect(names.filter(name => ["Verify", "Apply", "Check", "Run"].some(word => name.startsWith(word)))).toEqual(["Verify checksums (no tampered migrations)", "Apply migrations to staging", "Check for drift", "Run schema tests"])
})

test("pods and containers run unprivileged on a read-only file system, and only variables that the entrypoint knows are said", async () => {
  const entrypoint = await Bun.file(join(root, "docker/entrypoint.sh")).text()
  for (const path of ["migrate-job.yaml", "deployment.yaml"]) {
    const { spec } = Bun.YAML.parse(await Bun.file(join(root, "examples/kubernetes", path)).text()) as { spec: { template: { spec: { securityContext: object; containers: Pod[]; initContainers?: Pod[] } } } }
    expect(spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true })
    for (const pod of [...(spec.template.spec.initContainers ?? []), ...spec.template.spec.containers]) {
      expect(pod.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
      for (const { name } of pod.env) if (name.startsWith("NSELF_")) expect(entrypoint).toContain(name)
    }
  }
  expect(await Bun.file(join(root, "Dockerfile")).text()).toMatch(/\nUSER 65532:65532\n/)
})

interface Pod { readonly securityContext: object; readonly env: readonly { readonly name: string }[] }
