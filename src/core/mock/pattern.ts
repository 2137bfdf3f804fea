import type { Hints } from "./hints.ts"
import type { Task, ValueMaker } from "./maker.ts"
import { below, subKey } from "./random.ts"

/** Rows that are looked at to see whether a maker meets a pattern by itself. */
const SAMPLES = 40
const POSIX: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z", digit: "0-9", alnum: "a-zA-Z0-9", upper: "A-Z", lower: "a-z", space: "\\s", punct: "!-\\/:-@\\[-`{-~", word: "\\w", xdigit: "0-9A-Fa-f", blank: " \\t",
}

/** A pattern of PostgreSQL as JavaScript's; `null` where JavaScript has no such thing. */
export function regexOf({ pattern, insensitive }: Hints["patterns"][number]): RegExp | null {
  const source = pattern.replace(/\[:(\w+):\]/g, (all, name: string) => POSIX[name] ?? all).replaceAll("\\A", "^").replaceAll("\\Z", "$")
    .replace(/\\([mMyY])/g, "\\b").replace(/^\(\?i\)/, "")
  try {
    return new RegExp(source, insensitive || pattern.startsWith("(?i)") ? "i" : "")
  } catch {
    return null
  }
}

/** The maker itself where what it makes meets the patterns; else one that makes texts from the pattern. */
export async function matching(task: Task, make: ValueMaker, most: number): Promise<ValueMaker> {
  const patterns = task.hints.patterns.map(regexOf)
  if (patterns.length === 0 || patterns.includes(null)) return make
  const meets = (text: string): boolean => text.length <= most && patterns.every(pattern => pattern!.test(text))
  const start = task.unique?.first ?? 0
  if (Array.from({ length: SAMPLES }, (_, i) => make(start + i)).every(meets)) return make
  const { default: RandExp } = await import("randexp")
  const random = new RandExp(patterns[0]!)
  random.max = 6 // repetitions of * and +
  return row => {
    let text = ""
    for (let attempt = 0; attempt < 10; attempt++) {
      text = written(random, subKey(task.key, attempt), row)
      if (meets(text)) break
    }
    return text
  }
}

function written(random: { randInt: (from: number, to: number) => number; gen: () => string }, key: number, row: number): string {
  let part = 0
  random.randInt = (from, to) => from + below(to - from + 1, subKey(key, part++), row)
  return random.gen()
}

