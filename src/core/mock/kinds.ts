import { has, type Maker, type Task, type ValueMaker } from "./maker.ts"
import { below, bits, fraction, pick, subKey } from "./random.ts"
import { hex, letters, octets } from "./texts.ts"

/** `modifier`: the type's, -1 where it has none. */
type MakerFor = (task: Task, modifier: number) => ValueMaker

/** Rows that must differ count; others draw. 24 bits. */
const number24 = ({ key, unique }: Task) => (row: number): number => (unique ? row : bits(key, row)) & 0xffffff
const pairs = (number: number): string => [16, 8, 0].map(shift => ((number >>> shift) & 255).toString(16).padStart(2, "0")).join(":")

export const NETWORK: Readonly<Record<string, MakerFor>> = {
  inet: task => { const number = number24(task); return row => `10.${octets(number(row))}` },
  cidr: task => { const number = number24(task); return row => `10.${octets((number(row) << 8) & 0xffffff).slice(0, -1)}0/24` },
  macaddr: task => { const number = number24(task); return row => `02:00:5e:${pairs(number(row))}` },
  macaddr8: task => { const number = number24(task); return row => `02:00:5e:ff:fe:${pairs(number(row))}` },
}

const coordinate = (key: number, part: number, row: number, size: number): string => ((fraction(subKey(key, part), row) - 0.5) * size).toFixed(4)
const point = (key: number, row: number, part = 0): string => `(${coordinate(key, part, row, 180)},${coordinate(key, part + 1, row, 180)})`
const vector = (key: number, row: number, size: number): string => {
  let text = coordinate(key, 100, row, 2)
  for (let i = 1; i < size; i++) text += `,${coordinate(key, 100 + i, row, 2)}`
  return `[${text}]`
}
const bitText = ({ key, unique }: Task, row: number, size: number): string =>
  unique ? row.toString(2).padStart(size, "0").slice(-size) : Array.from({ length: size }, (_, i) => bits(subKey(key, i >>> 5), row) >>> (i & 31) & 1).join("")

/** Types beyond numbers, texts and times, by `pg_type.typname`; those of common extensions too. */
export const OTHERS: Readonly<Record<string, MakerFor>> = {
  bytea: ({ key }) => row => `\\x${hex(key, row, 32)}`,
  interval: ({ key, unique }) => row => (unique ? `${row} seconds` : `${below(30, key, row)} days ${below(24, subKey(key, 1), row)}:${String(below(60, subKey(key, 2), row)).padStart(2, "0")}:00`),
  bit: (task, modifier) => row => bitText(task, row, Math.max(1, modifier)),
  varbit: (task, modifier) => row => bitText(task, row, modifier > 0 ? Math.min(modifier, 32) : 16),
  point: ({ key }) => row => point(key, row),
  lseg: ({ key }) => row => `[${point(key, row)},${point(key, row, 2)}]`,
  line: ({ key }) => row => `{1,${1 + below(9, key, row)},${below(100, subKey(key, 1), row)}}`,
  box: ({ key }) => row => `${point(key, row)},${point(key, row, 2)}`,
  path: ({ key }) => row => `[${point(key, row)},${point(key, row, 2)},${point(key, row, 4)}]`,
  polygon: ({ key }) => row => `(${point(key, row)},${point(key, row, 2)},${point(key, row, 4)})`,
  circle: ({ key }) => row => `<${point(key, row)},${1 + below(50, key, row)}>`,
  tsvector: ({ key, pools }) => row => `${pick(pools.words, key, row)} ${pick(pools.words, subKey(key, 1), row)} ${pick(pools.words, subKey(key, 2), row)}`,
  tsquery: ({ key, pools }) => row => `${pick(pools.words, key, row)} & ${pick(pools.words, subKey(key, 1), row)}`,
  xml: ({ key, pools }) => row => `<note id="${row}">${pick(pools.words, key, row)}</note>`,
  jsonpath: ({ key, pools }) => row => `$.${pick(pools.words, key, row)}`,
  pg_lsn: ({ key, unique }) => row => `0/${(unique ? row : bits(key, row)).toString(16).toUpperCase()}`,
  char: ({ key }) => row => letters(key, row, 1),
  hstore: ({ key, pools }) => row => `"${pick(pools.words, key, row)}"=>"${below(100, subKey(key, 1), row)}"`,
  ltree: ({ key, pools, unique }) => row => `${pick(pools.words, key, row)}.${pick(pools.words, subKey(key, 1), row)}${unique ? `.n${row}` : ""}`,
  vector: ({ key }, modifier) => row => vector(key, row, modifier > 0 ? modifier : 3),
  halfvec: ({ key }, modifier) => row => vector(key, row, modifier > 0 ? modifier : 3),
  sparsevec: ({ key }, modifier) => row => { const size = modifier > 0 ? modifier : 3; return `{${1 + below(size, key, row)}:${coordinate(key, 1, row, 2)}}/${size}` },
  geometry: ({ key }) => row => `POINT(${coordinate(key, 0, row, 360)} ${coordinate(key, 1, row, 180)})`,
  geography: ({ key }) => row => `POINT(${coordinate(key, 0, row, 360)} ${coordinate(key, 1, row, 180)})`,
}

/** A small object, or an array where the name or a check says so. */
export function jsonMaker(task: Task): Maker {
  const { key, pools, words, hints, unique } = task
  const word = (part: number, row: number): string => pick(pools.words, subKey(key, part), row)
  const own = (row: number): string => (unique ? `,"n":${row}` : "")
  const type = hints.json ?? (has(words, "tags", "items", "list", "roles", "permissions", "labels", "ids") || hints.minItems > 0 ? "array" : "object")
  switch (type) {
    case "array": return row => {
      const count = Math.max(hints.minItems, Math.min(hints.maxItems, 1 + below(3, subKey(key, 9), row)))
      return `[${Array.from({ length: count }, (_, i) => `"${word(i, row)}"`).join(",")}${unique && count > 0 ? `,${row}` : ""}]`
    }
    case "string": return row => `"${word(0, row)}${unique ? ` ${row}` : ""}"`
    case "number": return row => String(unique ? row : below(1000, key, row))
    case "boolean": return row => (bits(key, row) & 1 ? "true" : "false")
    default: return row => `{"source":"${pick(["web", "mobile", "api", "import"], subKey(key, 5), row)}","${word(0, row)}":"${word(1, row)}","score":${below(100, subKey(key, 6), row)}${own(row)}}`
  }
}
