/**
 * Random walks: `bun run walks [--seed 1] [--count 1000] [--major 18] [--jobs 1]`. Two random schemas a walk, both ways; a failure is shrunk and printed.
 * Jobs are processes with a server each, which share the seeds of one run among them.
 */
import { parseArgs } from "node:util"
import { writers } from "../src/kinds/all.ts"
import { startServer, type Major } from "../test/support/server.ts"
import { groundOf, openGround } from "../test/support/walks/ground.ts"
import { pairOf } from "../test/support/walks/schema.ts"
import { shrink, walk, type Seen } from "../test/support/walks/walk.ts"

const text = (value: string) => ({ type: "string", default: value }) as const
const { values } = parseArgs({ options: { seed: text("1"), count: text("1000"), major: text("18"), most: text("10"), jobs: text("1"), step: text("0") } })
const [seed, count, most, jobs, step] = [values.seed, values.count, values.most, values.jobs, values.step].map(Number) as [number, number, number, number, number]
const last = seed + count - 1

interface Result { readonly passed: number; readonly failed: number; readonly seen: readonly (readonly [string, { there: number; made: number; dropped: number; changed: number }])[] }

/** The mark of a job's last line. */
const RESULT = "result "
/** After so many walks what was rolled back is cleared out of the catalogs: every question wades through it. */
const EVERY = 10

if (step > 0) console.log(`${RESULT}${JSON.stringify(await work(seed, step))}`)
else {
  console.log(`${count} walks on PostgreSQL ${values.major}, seeds ${seed} to ${last}`)
  const results = await Promise.all(Array.from({ length: jobs }, (_, at) => job(seed + at)))
  process.exit(report(results) ? 0 : 1)
}
process.exit(0)

async function work(first: number, by: number): Promise<Result> {
  const client = await openGround(Number(values.major) as Major)
  const ground = groundOf(client)
  const seen: Seen = new Map()
  let [passed, failed] = [0, 0]
  for (let at = first; at <= count && failed < most; at += by) {
    if ((passed + failed) % EVERY === EVERY - 1) await client.query("vacuum")
    if (passed + failed > 0 && (passed + failed) % 50 === 0) console.error(`job from ${first}: ${passed + failed} walks, ${failed} failed`)
    const said = await walk(ground, pairOf(at), seen).catch((error: Error) => `crash: ${error.message} ${error.stack}`)
    if (said === null) {
      passed++
      continue
    }
    failed++
    const small = await shrink(ground, pairOf(at), said)
    const again = (await walk(ground, small).catch((error: Error) => `crash: ${error.message}`)) ?? said
    console.log(`\nseed ${at}: ${again}\n-- before\n${small.before.join(";\n")};\n-- after\n${small.after.join(";\n")};`)
  }
  await client.end()
  await (await startServer(Number(values.major) as Major)).stop()
  return { passed, failed, seen: [...seen] }
}

async function job(first: number): Promise<Result> {
  const words = ["--seed", String(first), "--count", String(last), "--major", values.major, "--most", values.most, "--step", String(jobs)]
  const child = Bun.spawn([process.execPath, import.meta.path, ...words], { stdout: "pipe", stderr: "inherit" })
  const said = await new Response(child.stdout).text()
  const at = said.lastIndexOf(RESULT)
  if (at < 0) throw new Error(`the job from seed ${first} broke off:\n${said}`)
  if (at > 0) console.log(said.slice(0, at))
  return JSON.parse(said.slice(at + RESULT.length)) as Result
}

/** Prints what all jobs did; true where none failed. */
function report(results: readonly Result[]): boolean {
  const seen: Seen = new Map()
  for (const [kind, one] of results.flatMap(result => result.seen)) {
    const all = seen.get(kind) ?? { there: 0, made: 0, dropped: 0, changed: 0 }
    seen.set(kind, { there: all.there + one.there, made: all.made + one.made, dropped: all.dropped + one.dropped, changed: all.changed + one.changed })
  }
  console.log("\nkind | there | made | dropped | changed, on the way from the first to the second")
  for (const [kind, { there, made, dropped, changed }] of [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log([kind, there, made, dropped, changed].join(" | "))
  const unseen = Object.keys(writers).filter(kind => !seen.has(kind))
  if (unseen.length > 0) console.log(`never there: ${unseen.join(", ")}`)
  const sum = (of: (result: Result) => number) => results.reduce((all, result) => all + of(result), 0)
  console.log(`\nseeds ${seed} to ${last}: ${sum(result => result.passed)} passed, ${sum(result => result.failed)} failed`)
  return sum(result => result.failed) === 0
}
