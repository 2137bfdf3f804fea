/**
 * Four processes share a fan-out over tenants while one of them is killed with -9 every second; after each round every tenant must have the round's row
 * exactly once, no lock may be left, and nobody may have said done too early.
 *
 *     bun run chaos:tenants [rounds, 100 unless said] [seed]
 */
import { round } from "../../test/tenants/chaos.ts"
import { site, tenantNames } from "../../test/tenants/support.ts"

const rounds = Number(process.argv[2] ?? 100)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
const tenants = tenantNames(120)

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(state: number): () => number {
  let at = state
  return () => {
    at = (at + 0x6d2b79f5) | 0
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const at = await site(tenants, {})
const random = randomFrom(seed)
let [kills, bad] = [0, 0]
try {
  for (let number = 1; number <= rounds; number++) {
    const one = await round(at, { tenants, processes: 4, killEvery: 1000, random }, number)
    kills += one.kills
    if (one.once === tenants.length && one.locks === 0 && one.early === 0 && one.bad.length === 0) continue
    bad += 1
    console.log(`round ${number}: ${JSON.stringify(one)}`)
  }
} finally {
  await at.remove()
}
console.log(`${rounds} rounds, ${tenants.length} tenants, 4 processes, ${kills} kills, seed ${seed}: ${bad === 0 ? "exactly once in all, no lock left, done meant done" : `${bad} rounds went wrong`}`)
process.exit(bad === 0 ? 0 : 1)
