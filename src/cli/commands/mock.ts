import { Fault } from "../../core/fault.ts"
import type { Mocked } from "../../core/mock/mocked.ts"
import { command } from "../command.ts"
import { barOn, mockJson, mockText } from "../report/mock.ts"

const COUNT = 100
const MOST = 50_000_000

export default command<Mocked>({
  path: "db mock",
  summary: "Fill tables with realistic rows that meet every constraint (dev only)",
  options: {
    "--table <name...>": "Table to fill: np_users, or app.users in another schema",
    "--all": "Every table of the schema, parents first",
    "--count <n>": `Rows for each table (${COUNT} unless said)`,
    "--seed <text>": "The same rows every time; another seed, other rows",
    "--with-parents": "Make the rows that others refer to, where there are too few",
    "--truncate": "Delete the tables' rows first; asks",
    "--yes": "The answer to what --truncate asks",
    "--tenant <slug>": "In this tenant's schema",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db mock --table np_users --count 100", "nself db mock --all --count 50 --seed 42"],
  run: async (ctx, given) => {
    const [tables, all] = [given.values("table"), given.flag("all")]
    if (all === tables.length > 0) throw new Fault("usage", all ? "--all and --table exclude each other" : "say which table: --table, or --all", "nself db mock --table np_users --count 100")
    const request = {
      env: given.value("env"), url: given.value("url"), tables, all, count: countOf(given.value("count")), seed: seedOf(given.value("seed")),
      withParents: given.flag("with-parents"), truncate: given.flag("truncate"), yes: given.flag("yes"), tenant: given.value("tenant"),
    }
    const { mock } = await import("../../flows/mock.ts")
    return mock(ctx, request, ctx.live ? barOn(ctx.live, () => performance.now()) : () => {}).finally(() => ctx.live?.(null))
  },
  text: mockText,
  json: mockJson,
})

function countOf(typed: string | null): number {
  const count = typed === null ? COUNT : /^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN
  if (count >= 1 && count <= MOST) return count
  throw new Fault("usage", `not a number of rows from 1 to ${MOST}: \`${typed}\``, "--count 100")
}

function seedOf(typed: string | null): string | null {
  if (typed === null || /^[\w.-]{1,64}$/.test(typed)) return typed
  throw new Fault("usage", `not a seed: \`${typed}\``, "--seed 42")
}
