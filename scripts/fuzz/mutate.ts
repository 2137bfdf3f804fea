type Random = () => number

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)]!

/** What breaks readers of texts. */
const NASTY = [
  "", "\0", "\uFEFF", "\r\n", "\r", "\\", "\\.", "\\restrict x\n", "'", "\"", "`", "$$", "$x$", "${", "}", "{", "[", "]", "(", ")", ";", "--", "/*", "*/", "#", "=", ":", ",", "%", "%zz", "%00", "@", "?", "&",
  "é", "😀", "\uD800", "\u2028", "null", "true", "-1", "1e999", "99999999999999999999", "0x10", "NaN", "__proto__", "constructor", "toString", "../../../etc/passwd", "/etc/passwd", "C:\\x", "<<<<<<< HEAD\n", "=======\n", ">>>>>>> main\n",
  "[".repeat(3000), "{\"a\":".repeat(2000), "(".repeat(5000), "select ".repeat(50), "a".repeat(100_000), "COMMIT;", "BEGIN;", "COPY t FROM stdin;\n", "CREATE INDEX CONCURRENTLY i ON t (a);", "ALTER TYPE e ADD VALUE 'x';",
  "-- nself:no-transaction\n", "process.exit(1)", "require('fs')", "import(\"x\")", "eval('1')", "\u001b[31m", "postgres://", "localhost", "[::1]", "sslmode=", "DO $$ BEGIN", "\\connect x\n", "E'\\'", "U&'\\0041'",
]

/** One to four changes of a text, as bytes: nobody promises that a file is UTF-8. */
export function mutate(text: string, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(text)
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) bytes = change(bytes, random)
  return bytes
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = Math.floor(random() * (bytes.length + 1))
  const end = Math.min(bytes.length, at + Math.floor(random() ** 3 * bytes.length))
  const splice = (middle: Buffer, from = at, to = end): Buffer => Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)])
  switch (Math.floor(random() * 9)) {
    case 0: return splice(Buffer.from([Math.floor(random() * 256)]), at, Math.min(bytes.length, at + 1))
    case 1: return splice(Buffer.alloc(0))
    case 2: return splice(Buffer.concat([bytes.subarray(at, end), bytes.subarray(at, end)]))
    case 3: return bytes.subarray(0, at)
    case 4: return value(bytes, random)
    case 5: return word(bytes, random)
    case 6: return Buffer.concat([bytes, bytes.subarray(at)])
    default: return splice(Buffer.from(pick(NASTY, random)), at, random() < 0.7 ? at : end)
  }
}

const VALUES = ["null", "true", "[]", "{}", "-1", "1e400", "\"\"", "\"../x\"", "\"\\u0000\"", "[[[]]]", "{\"__proto__\":{}}", "\"" + "x".repeat(500) + "\"", "3.5", "\"0001_a\"", "'x'", "`x`", "process.env.X", "() => 1"]

/** A string or number of JSON or TypeScript becomes something else. */
function value(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString("latin1")
  const found = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?/g)]
  if (found.length === 0) return bytes
  const one = pick(found, random)
  return Buffer.from(text.slice(0, one.index) + pick(VALUES, random) + text.slice(one.index + one[0].length), "latin1")
}

/** A word goes, or stands where another one stood. */
function word(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString("latin1")
  const found = [...text.matchAll(/[A-Za-z_]+/g)]
  if (found.length < 2) return bytes
  const [one, other] = [pick(found, random), pick(found, random)]
  return Buffer.from(text.slice(0, one.index) + (random() < 0.5 ? "" : other[0]) + text.slice(one.index + one[0].length), "latin1")
}
