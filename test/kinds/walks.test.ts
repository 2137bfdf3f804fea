/** Random walks between two random schemas over all kinds; `bun run walks` takes a thousand. */
import { afterAll, beforeAll, expect, test } from "bun:test"
import { Client } from "pg"
import { admin, startServer } from "../support/server.ts"
import { groundOf } from "../support/walks/ground.ts"
import { pairOf } from "../support/walks/schema.ts"
import { walk, type Ground } from "../support/walks/walk.ts"

const WALKS = 40
const FIRST = 1
/** One test process has one server: another file may have made them. */
const ROLES = ["ga", "gb"].map(role => `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`).join(";")

let client: Client
let ground: Ground
beforeAll(async () => {
  const server = await startServer(18)
  await admin(server.url, ROLES)
  client = new Client({ connectionString: await server.database() })
  await client.connect()
  ground = groundOf(client)
}, 60_000)
afterAll(async () => void (await client.end()))

test(`${WALKS} random walks from seed ${FIRST} on: each schema becomes the other, and the other the one`, async () => {
  for (let seed = FIRST; seed < FIRST + WALKS; seed++) {
    const said = await walk(ground, pairOf(seed)).catch((error: Error) => `crash: ${error.message}`)
    expect(said === null ? null : `bun run walks --seed ${seed} --count 1\n${said}`).toBeNull()
  }
}, 300_000)
