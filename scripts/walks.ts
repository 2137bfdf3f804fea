/** Random walks: `bun run walks [--seed 1] [--count 1000] [--major 18]`. Two random schemas a walk, both ways; a failure is shrunk and printed. */
import { parseArgs } from "node:util"
import { Client } from "pg"
import { startServer, type Major } from "../test/support/server.ts"
import { groundOf } from "../test/support/walks/ground.ts"
import { pairOf } from "../test/support/walks/schema.ts"
import { shrink, walk } from "../test/support/walks/walk.ts"

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "1000" }, major: { type: "string", default: "18" }, most: { type: "string", default: "10" } } })
const [seed, count, most] = [Number(values.seed), Number(values.count), Number(values.most)]

const server = await startServer(Number(values.major) as Major)
const client = new Client({ connectionString: await server.database() })
await client.connect()
await client.query("create role ga; create role gb")
const ground = groundOf(client)

console.log(`${count} walks on PostgreSQL ${values.major}, seeds ${seed} to ${seed + count - 1}`)
let failures = 0
for (let at = seed; at < seed + count && failures < most; at++) {
  if (at > seed && (at - seed) % 50 === 0) console.error(`${at - seed} walks, ${failures} failed`)
  const said = await walk(ground, pairOf(at)).catch((error: Error) => `crash: ${error.message} ${error.stack}`)
  if (said === null) continue
  failures++
  const small = await shrink(ground, pairOf(at), said)
  const again = (await walk(ground, small).catch((error: Error) => `crash: ${error.message}`)) ?? said
  console.log(`\nseed ${at}: ${again}\n-- before\n${small.before.join(";\n")};\n-- after\n${small.after.join(";\n")};`)
}
console.log(`\n${failures} failed`)
await client.end()
await server.stop()
process.exit(failures === 0 ? 0 : 1)
