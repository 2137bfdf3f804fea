import { Fault } from "../../core/fault.ts"
import type { Mocked } from "../../core/mock/mocked.ts"
import type { EachTenant } from "../../core/each-tenant.ts"
import { command } from "../command.ts"
import { eachFault, eachJson, eachText } from "../report/each-tenant.ts"
import { barOn, mockJson, mockText } from "../report/mock.ts"
import { oneIn, selectionIn, TENANTS } from "../tenant-options.ts"

const COUNT = 100
const MOST = 50_000_000

export default command<Mocked | EachTenant<Mocked>>({
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
    ...TENANTS,
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db mock --table np_users --count 100", "nself db mock --all --count 50 --seed 42"],
  run: async (ctx, given) => {
    const [tables, all] = [given.values("table"), given.flag("all")]
    if (all === tables.length > 0) throw new Fault("usage", all ? "--all and --table exclude each other" : "say which table: --table, or --all", "nself db mock --table np_users --count 100")
    const request = {
      env: given.value("env"), url: given.value("url"), tables, all, count: countOf(given.value("count")), seed: seedOf(given.value("seed")),
      withParents: given.flag("with-parents"), truncate: given.flag("truncate"), yes: given.flag("yes"), tenant: oneIn(given),
    }
    const selection = request.tenant === null ? selectionIn(given) : null
    if (selection) return (await import("../../flows/mock/mock.ts")).mockTenants(ctx, request, selection)
    const { mock } = await import("../../flows/mock/mock.ts")
    return mock(ctx, request, ctx.live ? barOn(ctx.live, () => performance.now()) : () => {}).finally(() => ctx.live?.(null))
  },
  text: (result, paint) => ("tenants" in result ? eachText("Made the rows", result, paint) : mockText(result)),
  json: result => ("tenants" in result ? eachJson(result, mockJson) : mockJson(result)),
  fault: result => ("tenants" in result ? eachFault("nself db mock", result) : null),
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
