import { describe, expect, test } from "bun:test"
import { batchSize } from "../../src/core/batch-size.ts"
import { Fault } from "../../src/core/fault.ts"
import { appliedRows, digestOf, knownLedgers } from "../../src/core/ledger-digest.ts"
import { batchPool, DONE, pool } from "../../src/core/pool.ts"
import { parseCanary, parseWaves, rotated, wavesOf } from "../../src/core/rollout.ts"
import { select, selectionOf, someOf, type Tenant } from "../../src/core/tenant.ts"
import { checkedList, parseTenantList, schemaRegex } from "../../src/core/tenant-list.ts"
import type { Migration } from "../../src/core/types.ts"

const tenant = (slug: string, more: Partial<Tenant> = {}): Tenant => ({ slug, schema: `tenant_${slug.replaceAll("-", "_")}`, url: null, status: null, ...more })
const caught = (work: () => unknown): Fault => {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error("nothing was thrown")
}

describe("which tenants are meant", () => {
  const all = [tenant("acme-corp"), tenant("globex", { status: "suspended" }), tenant("initech", { status: "deleted" })]
  test.each([
    ["all but the deleted", selectionOf(true, []), ["acme-corp", "globex"], ["initech"]],
    ["one by slug, whatever its status", selectionOf(false, ["initech"]), ["initech"], []],
    ["one by its schema", selectionOf(false, ["tenant_globex"]), ["globex"], []],
  ] as const)("%s", (_, selection, tenants, left) => {
    const chosen = select(all, selection!, ["deleted"])
    expect([chosen.tenants.map(one => one.slug), chosen.left.map(one => one.slug)]).toEqual([[...tenants], [...left]])
  })
  test("a slug with - finds a schema named with _", () => expect(select([{ ...tenant("a"), slug: "acme_corp" }], { all: false, slugs: ["acme-corp"] }, []).tenants).toHaveLength(1))
  test("nobody has this slug", () => expect(caught(() => select(all, { all: false, slugs: ["acme-crop"] }, [])).hint).toBe("--tenant acme-corp"))
  test("both at once is a usage error", () => expect(caught(() => selectionOf(true, ["a"])).exit).toBe("usage"))
  test("names are shortened", () => expect(someOf(["a", "b", "c"], 2)).toBe("a, b and 1 more"))
})

describe("lists from files and commands", () => {
  test("lines, comments, schemas, JSON", () => {
    const text = "# ours\nacme\tpostgres://u@h/a\n\nglo bex postgres://u@h/b tenant_b\r\n"
    expect(parseTenantList(text, "tenants.txt")).toEqual([
      { slug: "acme", schema: "public", url: "postgres://u@h/a", status: null }, { slug: "glo bex", schema: "tenant_b", url: "postgres://u@h/b", status: null },
    ])
    expect(parseTenantList(`[{ "slug": "a", "schema": "t.a" }]`, "x")).toEqual([{ slug: "a", schema: "t.a", url: null, status: null }])
  })
  test.each([["acme", "tenants.txt, line 1"], [`[{ "slug": "a" }]`, "tenants.txt, entry 1"], ["[1]", "entry 1 is no object"], ["[", "is not"], [`[{ "slug": "a", "schema": "${"x".repeat(64)}" }]`, "64 bytes"]])("%s says where it is wrong", (text, where) => {
    const fault = caught(() => parseTenantList(text, "tenants.txt"))
    expect([fault.exit, fault.message]).toEqual(["usage", expect.stringContaining(where)])
  })
  test("a URL is never shown", () => expect(caught(() => parseTenantList("postgres://u:secret@h/a", "t")).message).not.toContain("secret"))
  test("two slugs for one schema are refused, one twice is one", () => {
    expect(checkedList([tenant("a"), tenant("a")])).toHaveLength(1)
    expect(caught(() => checkedList([tenant("a"), { ...tenant("b"), schema: "tenant_a" }])).message).toContain("tenant_a")
  })
  test("only * is special in a pattern", () => expect(schemaRegex("t.$(*)_x")).toBe("^t\\.\\$\\((.*)\\)_x$"))
})

describe("rollout", () => {
  const tenants = Array.from({ length: 200 }, (_, i) => `t${i}`)
  const sizes = (shares: ReturnType<typeof parseWaves>): readonly number[] => wavesOf(tenants, shares, one => one).map(wave => wave.length)
  test.each([["1,10,100%", [1, 9, 190]], ["1%,50%", [2, 98, 100]], ["500", [200]], ["100%", [200]], ["10,5", [10, 190]]])("%s", (text, want) => expect(sizes(parseWaves(text))).toEqual([...want]))
  test("a canary by name comes first", () => expect(wavesOf(tenants, [parseCanary("t7,t3"), ...parseWaves("10")], one => one).map(wave => wave.slice(0, 2))).toEqual([["t3", "t7"], ["t0", "t1"], ["t10", "t11"]]))
  test("0042 is a slug, 42 a number", () => expect([parseCanary("0042").kind, parseCanary("42").kind, parseCanary("0.5%").kind]).toEqual(["slugs", "count", "percent"]))
  test.each(["", "0", "x", "101%", "1.5", "1,,2"])("`%s` is no wave", text => expect(caught(() => parseWaves(text)).exit).toBe("usage"))
  test("rotation keeps everybody", () => expect(rotated([1, 2, 3, 4], 0.5)).toEqual([3, 4, 1, 2]))
})

test("a ledger's digest does not depend on times, runs or the order of rows", () => {
  const file = (seq: number): Migration => ({ seq, name: `000${seq}_x`, up: { path: "", text: "", sha256: `${seq}` }, down: null })
  const rows = appliedRows([file(1), file(2)])
  expect(digestOf(rows)).toBe(digestOf(rows.toReversed().map(row => ({ ...row, runId: "z", appliedAt: new Date() }))))
  expect(digestOf(rows)).not.toBe(digestOf([rows[0]!, { ...rows[1]!, state: "running" }]))
  const known = knownLedgers([file(2), file(1), file(3)])
  expect([...known.values()].map(rows => rows.map(row => row.seq))).toEqual([[], [1], [1, 2], [1, 2, 3]])
  expect([...known.keys()]).toEqual([...known.values()].map(digestOf))
})

describe("the pool", () => {
  test("each worker takes its own share first, then what others have left", async () => {
    const took: [number, number][] = []
    const left = await pool({
      items: [0, 1, 2, 3, 4, 5, 6, 7], width: 2, shareOf: item => (item < 6 ? 0 : 1), now: () => 0, sleep: async () => {}, stopped: () => false,
      work: async (item, worker) => {
        await Bun.sleep(0)
        took.push([worker, item])
        return DONE
      },
    })
    expect(left).toEqual([])
    expect(took.filter(([worker]) => worker === 1).map(([, item]) => item).slice(0, 2)).toEqual([6, 7])
    expect(took.map(([, item]) => item).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(took.some(([worker, item]) => worker === 1 && item < 6)).toBe(true)
  })

  let clock = 0
  const fake = { now: () => clock, sleep: async (ms: number) => void (clock += ms) }
  test("never more than its width at once, every item once, in order", async () => {
    let [at, most] = [0, 0]
    const seen: number[] = []
    await pool({ ...fake, items: [1, 2, 3, 4, 5], width: 2, stopped: () => false, work: async item => {
      most = Math.max(most, ++at)
      seen.push(item)
      await Promise.resolve()
      at -= 1
      return DONE
    } })
    expect([most, seen]).toEqual([2, [1, 2, 3, 4, 5]])
  })
  test("several of a share at once, in order, as many as is said; what is taken again comes alone", async () => {
    const took: (readonly [number, readonly number[]])[] = []
    const lefts: number[] = []
    await batchPool({
      ...fake, items: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], width: 2, shareOf: item => item % 2, stopped: () => false,
      atOnce: left => (lefts.push(left), left > 4 ? 3 : 1),
      work: async (items, worker) => {
        took.push([worker, items])
        await Promise.resolve()
        return items.map(item => (item === 4 && took.flatMap(([, all]) => all).filter(one => one === 4).length === 1 ? { kind: "again", afterMs: 1000 } : DONE))
      },
    })
    expect(took).toEqual([[0, [0, 2, 4]], [1, [1, 3, 5]], [0, [6]], [1, [7]], [0, [8]], [1, [9]], [0, [4]]])
    expect(lefts).toEqual([10, 7, 4, 3, 2, 1])
  })
  test.each([
    [1000, 4, null, 1], [1000, 4, 8, 12], [1000, 4, 0.2, 16], [1000, 4, 99, 1], [1000, 4, 5000, 1], [40, 4, 5, 5], [16, 4, 1, 2], [3, 4, 1, 1], [0, 1, 1, 1],
  ] as const)("of %d left, %d workers, %p ms each: %d at once", (left, workers, ms, want) => expect(batchSize(left, workers, ms)).toBe(want))
  test("what is to be taken again waits for its pause and holds up nobody", async () => {
    const seen: string[] = []
    await pool({ ...fake, items: ["busy", "a", "b"], width: 1, stopped: () => false, work: async item => {
      seen.push(item)
      return item === "busy" && seen.filter(one => one === item).length < 3 ? { kind: "again", afterMs: 1000 } : DONE
    } })
    expect(seen).toEqual(["busy", "a", "b", "busy", "busy"])
  })
  test("stopped: the rest is given back", async () => {
    let done = 0
    expect(await pool({ ...fake, items: [1, 2, 3, 4], width: 1, stopped: () => done >= 2, work: async () => (done++, DONE) })).toEqual([3, 4])
  })
  test("a full server takes a worker away, never the last one", async () => {
    const workers = new Set<number>()
    let full = 0
    await pool({ ...fake, items: [1, 2, 3], width: 3, stopped: () => false, leave: async worker => void workers.add(worker), work: async () => (full++ < 5 ? { kind: "again", afterMs: 1, fewer: true } : DONE) })
    expect([workers.size, full]).toEqual([3, 8])
  })
})
