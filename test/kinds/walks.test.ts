/** Random walks between two random schemas over all kinds; `bun run walks` takes a thousand. */
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Client } from "pg"
import { writers } from "../../src/kinds/all.ts"
import { groundOf, openGround } from "../support/walks/ground.ts"
import { pairOf } from "../support/walks/schema.ts"
import { walk, type Ground, type Seen } from "../support/walks/walk.ts"

const WALKS = 40
const FIRST = 1

let client: Client
let ground: Ground
const seen: Seen = new Map()
beforeAll(async () => {
  client = await openGround(18)
  ground = groundOf(client)
}, 60_000)
afterAll(async () => void (await client.end()))

test(`${WALKS} random walks from seed ${FIRST} on: each schema becomes the other, and the other the one`, async () => {
  for (let seed = FIRST; seed < FIRST + WALKS; seed++) {
    const said = await walk(ground, pairOf(seed), seen).catch((error: Error) => `crash: ${error.message}`)
    expect(said === null ? null : `bun run walks --seed ${seed} --count 1\n${said}`).toBeNull()
  }
}, 300_000)

test("the walks had every kind that nself writes, and had to make, drop or change each", () => {
  const idle = Object.keys(writers).filter(kind => {
    const found = seen.get(kind)
    return !found || found.made + found.dropped + found.changed === 0
  })
  expect(idle).toEqual([])
})
