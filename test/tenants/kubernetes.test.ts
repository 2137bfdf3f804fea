import { afterEach, expect, test } from "bun:test"
import { Client } from "pg"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { eventually } from "../support/migrating.ts"
import { MAIN, type Said } from "../support/nself.ts"
import { exactlyOnce, FILES, site, tenantNames } from "./support.ts"

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(cleanups.splice(0).map(clean => clean()))))

interface Job {
  readonly kind: string
  readonly spec: {
    readonly completionMode: string
    readonly completions: number
    readonly parallelism: number
    readonly backoffLimit: number
    readonly template: { readonly spec: { readonly restartPolicy: string; readonly containers: readonly Container[] } }
  }
}
interface Container { readonly command: readonly string[]; readonly securityContext: unknown }

/** The first block of YAML in the page about tenants. */
async function jobOfTheDocs(): Promise<Job> {
  const page = await Bun.file(join(import.meta.dir, "../../docs/tenants.md")).text()
  return Bun.YAML.parse(/```yaml\n([\s\S]*?)```/.exec(page)![1]!) as Job
}

/** Its file system cannot be written, whoever it is: a folder of root's, no home, a TMPDIR where nothing can be made. */
const somebody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []

/** What every tenant's migration goes through: while it is closed, every pod is in the middle of one. */
const GATE = 606

async function closed(url: string): Promise<AsyncDisposable & { readonly open: () => Promise<unknown> }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`select pg_advisory_lock(${GATE})`)
  return { open: () => client.query(`select pg_advisory_unlock(${GATE})`), [Symbol.asyncDispose]: () => client.end() }
}

test("the indexed Job of the documentation: a pod is killed and started again, every tenant is at the version once, every pod ends well", async () => {
  const { kind, spec } = await jobOfTheDocs()
  const { containers, restartPolicy } = spec.template.spec
  const { command, securityContext } = containers[0]!
  expect({ kind, mode: spec.completionMode, restartPolicy, securityContext }).toEqual({
    kind: "Job", mode: "Indexed", restartPolicy: "Never", securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
  })
  expect(spec.parallelism).toBe(spec.completions)
  expect(command[0]).toBe("nself")

  const names = tenantNames(80)
  const at = await site(names, { ...FILES, "migrations/0002_docs.sql": `${FILES["migrations/0002_docs.sql"]}SELECT pg_advisory_xact_lock_shared(${GATE});\n` })
  await Bun.$`chmod -R a+rX,a-w ${at.dir}`.quiet()
  cleanups.push(() => Bun.$`chmod -R u+w ${at.dir}`.quiet().then(at.remove))
  const before = (await readdir(at.dir, { recursive: true })).toSorted()

  const start = (index: number) => Bun.spawn([...somebody, process.execPath, "--no-env-file", MAIN, ...command.slice(1)], {
    cwd: at.dir, stdin: "ignore", stdout: "pipe", stderr: "pipe",
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", TMPDIR: join(at.dir, "migrations"), JOB_COMPLETION_INDEX: String(index), ...at.env },
  })
  await using gate = await closed(at.url)
  const pods = Array.from({ length: spec.completions }, (_, index) => start(index))
  const said = (pod: (typeof pods)[number]): Promise<Said> => Promise.all([pod.stdout.text(), pod.stderr.text(), pod.exited]).then(([stdout, stderr, exit]) => ({ stdout, stderr, exit }))
  const ends = pods.map(said)
  const inside = new Set<string>()
  await eventually(async () => {
    for (const { who } of await at.sql<{ who: string }>(`select distinct a.application_name as who from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.objid = ${GATE} and not l.granted`)) inside.add(who)
    return inside.size === pods.length
  })
  const victim = Math.floor(Math.random() * pods.length)
  pods[victim]!.kill("SIGKILL")
  expect((await ends[victim]!).exit).toBe(137)
  await gate.open()
  ends[victim] = said(start(victim)) // what backoffLimit allows

  const all = await Promise.all(ends)
  let applied = 0
  for (const { stdout, stderr, exit } of all) {
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.not.stringContaining("error") })
    const said = JSON.parse(stdout) as { data: { counts: { applied: number } } }
    expect(said).toMatchObject({ schema_version: "1", command: "db migrate up", data: { counts: { failed: 0, skipped: 0 } } })
    applied += said.data.counts.applied
  }
  expect(applied).toBeLessThanOrEqual(names.length) // no tenant is claimed by two; what the dead one's sessions had in hand, the server may still commit
  expect(await exactlyOnce(at, names)).toBe(names.length)
  expect((await readdir(at.dir, { recursive: true })).toSorted()).toEqual(before)
}, 60_000)
