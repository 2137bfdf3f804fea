import type { IdentityOptions } from "../../kinds/column.ts"
import { options } from "./names.ts"

const TOP: Readonly<Record<string, string>> = { smallint: "32767", integer: "2147483647", bigint: "9223372036854775807" }

/** The options of a sequence or an identity that are not what PostgreSQL would take by itself. Numbers over 2^53 stand in quotes, as drizzle-orm wants them. */
export function sequenceConfig({ type, increment, min, max, start, cache, cycle }: IdentityOptions): string {
  const down = increment.startsWith("-")
  const top = TOP[type] ?? TOP["bigint"]!
  const [usualMin, usualMax] = down ? [`-${BigInt(top) + 1n}`, "-1"] : ["1", top]
  const number = (value: string): string => (Number.isSafeInteger(Number(value)) ? value : `"${value}"`)
  const unless = (value: string, usual: string): string | undefined => (value === usual ? undefined : number(value))
  return options({
    increment: unless(increment, "1"), minValue: unless(min, usualMin), maxValue: unless(max, usualMax),
    startWith: unless(start, down ? max : min), cache: unless(cache, "1"), cycle: cycle ? "true" : undefined,
  })
}
