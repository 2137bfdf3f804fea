/** Random walks: `bun run walks [--seed 1] [--count 1000] [--major 18]`. Two random schemas a walk, both ways; a failure is shrunk and printed. */
import { parseArgs } from "node:util"
import { writers } from "../src/kinds/all.ts"
import { startServer, type Major } from "../test/support/server.ts"
import { groundOf, openGround } from "../test/support/walks/ground.ts"
import { pairOf } from "../test/support/walks/schema.ts"
import { shrink, walk, type Seen } from "../test/support/walks/walk.ts"

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "1000" }, major: { type: "string", default: "18" }, most: { type: "string", default: "10" } } })
const [seed, count, most] = [Number(values.seed), Number(values.count), Number(values.most)]

const client = await openGround(Number(values.major) as Major)
const ground = groundOf(client)
const seen: Seen = new Map()

const EVERY = 10

console.log(`${count} walks on PostgreSQL ${values.major}, seeds ${seed} to ${seed + count - 1}`)
let [passed, failed] = [0, 0]
for (let at = seed; at < seed + count && failed < most; at++) {
  // what was rolled back stays in the catalogs until somebody clears it away, and every later question wades through it
  if (at > seed && (at - seed) % EVERY === 0) await client.query("vacuum")
  if (at > seed && (at - seed) % 50 === 0) console.error(`${at - seed} walks, ${failed} failed`)
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
console.log("\nkind | there | made | dropped | changed, on the way from the first to the second")
for (const [kind, { there, made, dropped, changed }] of [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log([kind, there, made, dropped, changed].join(" | "))
const unseen = Object.keys(writers).filter(kind => !seen.has(kind))
if (unseen.length > 0) console.log(`never there: ${unseen.join(", ")}`)
console.log(`\nseeds ${seed} to ${seed + count - 1}: ${passed} passed, ${failed} failed`)
await client.end()
await (await startServer(Number(values.major) as Major)).stop()
process.exit(failed === 0 ? 0 : 1)
