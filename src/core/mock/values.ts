import { Fault } from "../fault.ts"
import { casesOf } from "./check.ts"
import { bothHints, hintsOf, NO_HINTS, type Hints } from "./hints.ts"
import { arrayMaker, compositeMaker, rangeMaker } from "./containers.ts"
import { jsonMaker, NETWORK, OTHERS } from "./kinds.ts"
import { has, type Maker, type Task, type ValueMaker } from "./maker.ts"
import { decimalMaker, INTEGERS, integerMaker } from "./numbers.ts"
import { matching } from "./pattern.ts"
import { bits, chance, pick, subKey } from "./random.ts"
import type { MockType } from "./table.ts"
import { textMaker } from "./texts.ts"
import { bounded, DAY, dateText, momentMaker, timestampText, timeText, type MomentMaker } from "./times.ts"

/** A maker for a type, or `null` where nself knows no value of it. What checks say in `task.hints` is met as far as it is understood. */
export async function makerOf(type: MockType, task: Task): Promise<Maker | null> {
  const { values, not } = task.hints
  if (values && type.kind !== "array") return listed(task, values.filter(value => !not.includes(value)))
  switch (type.kind) {
    case "enum": return listed(task, type.labels.filter(label => !not.includes(label)))
    case "domain": return domainMaker(type, task)
    case "array": return arrayMaker(type.of!, task, makerOf)
    case "range": return rangeMaker(type.of!, task)
    case "multirange": return wrapped(rangeMaker(type.of!.of!, task))
    case "composite": return compositeMaker(type, task, makerOf)
    case "base": return avoiding(task, await baseMaker(type, task))
  }
}

const wrapped = (make: ValueMaker | null): ValueMaker | null => make && (row => `{${make(row)}}`)

/** One of a list; where every row must have its own, in order. */
function listed(task: Task, values: readonly string[]): ValueMaker | null {
  const { unique, key } = task
  if (values.length === 0) return null
  return unique ? row => values[(row - unique.first) % values.length]! : row => pick(values, key, row)
}

/** Another try for a value that a check rules out by name. */
function avoiding({ hints }: Task, make: Maker | null): Maker | null {
  if (!make || hints.not.length === 0) return make
  return row => {
    let text = make(row)
    for (let attempt = 1; attempt < 20 && text !== null && hints.not.includes(text); attempt++) text = make(row + attempt * 7919)
    return text
  }
}

async function domainMaker(type: MockType, task: Task): Promise<Maker | null> {
  let hints: Hints | null = task.hints
  for (const check of type.checks) {
    const [first] = await casesOf(check)
    hints = hints && bothHints(hints, (first && hintsOf(first)?.get("value")) ?? NO_HINTS)
  }
  if (!hints) throw new Fault("failed", `no value can meet the checks of domain ${type.name} and those of its column together`, "look at the checks")
  return makerOf(type.of!, { ...task, hints })
}

/** Characters of VARCHAR and CHAR. */
const lengthOf = ({ modifier }: MockType): number => (modifier > 4 ? modifier - 4 : Infinity)

async function baseMaker(type: MockType, task: Task): Promise<Maker | null> {
  const integers = INTEGERS[type.name]
  if (integers) return integerMaker(task, integers)
  switch (type.name) {
    case "bool": return boolMaker(task)
    case "text": case "varchar": case "bpchar": case "citext": case "name": {
      const most = type.name === "name" ? 63 : lengthOf(type)
      return matching(task, textMaker(task, most), most)
    }
    case "numeric": return numericMaker(type, task)
    case "float4": case "float8": return decimalMaker(task, 6, type.name === "float4" ? 2 : 4)
    case "money": return decimalMaker(task, 12, 2)
    case "uuid": return uuidMaker(task)
    case "timestamptz": return moment(task, timestampText)
    case "timestamp": return moment(task, at => timestampText(at).slice(0, -3))
    case "date": return moment(task, dateText, DAY)
    case "time": return moment(task, timeText)
    case "timetz": return moment(task, at => `${timeText(at)}+00`)
    case "json": case "jsonb": return jsonMaker(task)
    default: return (NETWORK[type.name] ?? OTHERS[type.name])?.(task, type.modifier) ?? null
  }
}

function numericMaker({ modifier }: MockType, task: Task): ValueMaker {
  if (modifier < 4) return decimalMaker(task, 9, 2)
  const [precision, scale] = [((modifier - 4) >> 16) & 0xffff, (((modifier - 4) & 0x7ff) ^ 1024) - 1024] // numeric.c: eleven bits with a sign
  return decimalMaker(task, precision - scale, Math.max(0, scale))
}

function boolMaker({ key, words }: Task): ValueMaker {
  const percent = has(words, "deleted", "archived", "admin", "blocked", "banned", "hidden", "primary", "default", "disabled") ? 8 : has(words, "active", "enabled", "verified", "public", "visible") ? 85 : 50
  return row => (chance(percent, key, row) ? "true" : "false")
}

/** Version 4, as gen_random_uuid() gives; for one key no two rows are alike. */
function uuidMaker({ key }: Task): ValueMaker {
  const word = (part: number) => (row: number): string => bits(subKey(key, part), row).toString(16).padStart(8, "0")
  const [a, b, c, d] = [word(0), word(1), word(2), word(3)]
  return row => {
    const [x, y, z] = [b(row), c(row), d(row)]
    return `${a(row)}-${x.slice(0, 4)}-4${x.slice(5)}-${"89ab"[Number.parseInt(y[0]!, 16) & 3]}${y.slice(1, 4)}-${y.slice(4)}${z}`
  }
}

/** `step`: how far moments that must differ are apart. Milliseconds. */
function moment(task: Task, text: (at: number) => string, step = 1000): Maker {
  const make: MomentMaker = bounded(task, momentMaker(task, step))
  return row => {
    const at = make(row)
    return at === null ? null : text(at)
  }
}
