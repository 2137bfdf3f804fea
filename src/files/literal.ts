/** Stands for an expression that is no plain data: `process.env.X!`, a call, a template with `${}`. */
export const COMPUTED = Symbol("computed")

/** A value of a config file: plain data, or `COMPUTED` wherever code would have to run to know it. */
export type Read = string | number | boolean | null | undefined | typeof COMPUTED | readonly Read[] | { readonly [key: string]: Read }

/** A place in a text that is read from left to right. */
export interface Cursor {
  readonly text: string
  at: number
}

const WORDS: Readonly<Record<string, Read>> = { true: true, false: false, null: null, undefined: undefined }
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0", "\n": "" }
const PAIRS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" }

/** Moves past white space and comments. */
export function skipBlank(c: Cursor): void {
  const blank = /(?:\s|\uFEFF|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
  blank.lastIndex = c.at
  c.at += blank.exec(c.text)?.[0].length ?? 0 // a text that ends in a backslash leaves the cursor behind its end
}

/** Moves past `word` if it stands here; says whether it did. */
export function take(c: Cursor, word: string): boolean {
  skipBlank(c)
  if (!c.text.startsWith(word, c.at)) return false
  if (/\w$/.test(word) && /[\w$]/.test(c.text[c.at + word.length] ?? "")) return false
  c.at += word.length
  return true
}

/** The identifier that stands here, or `null`. */
export function takeName(c: Cursor): string | null {
  skipBlank(c)
  const name = /[A-Za-z_$][\w$]*/y
  name.lastIndex = c.at
  const found = name.exec(c.text)
  if (!found) return null
  c.at += found[0].length
  return found[0]
}

/**
 * One expression of JavaScript or TypeScript, read as data and never run. It ends before `,` `;` or a closing bracket.
 * What is not a literal is skipped and read as `COMPUTED`; a literal may be followed by `as …` or `satisfies …`.
 */
export function readExpression(c: Cursor): Read {
  skipBlank(c)
  const start = c.at
  const value = readLiteral(c)
  if (value !== COMPUTED) {
    if (take(c, "as") || take(c, "satisfies")) skipLineOfType(c)
    skipBlank(c)
    if (c.at >= c.text.length || ",;)]}".includes(c.text[c.at]!) || /\n\s*$/.test(c.text.slice(start, c.at))) return value
    c.at = start
  }
  skipExpression(c)
  return COMPUTED
}

function readLiteral(c: Cursor): Read {
  const char = c.text[c.at] ?? ""
  if (char === "{") return readObject(c)
  if (char === "[") return readArray(c)
  if (char === '"' || char === "'" || char === "`") return readString(c)
  const numeral = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])/y
  numeral.lastIndex = c.at
  const number = numeral.exec(c.text)
  if (number) {
    c.at += number[0].length
    return Number(number[0])
  }
  const before = c.at
  const word = takeName(c)
  if (word !== null && Object.hasOwn(WORDS, word)) return WORDS[word]
  c.at = before
  return COMPUTED
}

function readArray(c: Cursor): Read {
  const items: Read[] = []
  c.at++
  while (!take(c, "]")) {
    if (c.at >= c.text.length) return COMPUTED
    items.push(readExpression(c))
    if (!take(c, ",") && c.text[c.at] !== "]") return COMPUTED
  }
  return items
}

function readObject(c: Cursor): Read {
  const entries: [string, Read][] = []
  c.at++
  while (!take(c, "}")) {
    if (c.at >= c.text.length) return COMPUTED
    entries.push(readProperty(c))
    if (!take(c, ",") && c.text[c.at] !== "}") return COMPUTED
  }
  return Object.fromEntries(entries)
}

/** `key: value`. A spread, a method, a shorthand or a computed key is one property nobody can name: `…` holds it. */
function readProperty(c: Cursor): [string, Read] {
  skipBlank(c)
  const quoted = c.text[c.at] === '"' || c.text[c.at] === "'"
  const key = quoted ? readString(c) : takeName(c)
  if (typeof key === "string" && take(c, ":")) return [key, readExpression(c)]
  skipExpression(c)
  return [typeof key === "string" ? key : "…", COMPUTED]
}

function readString(c: Cursor): Read {
  const quote = c.text[c.at++]!
  let value = ""
  for (; c.at < c.text.length; c.at++) {
    const char = c.text[c.at]!
    if (char === quote) {
      c.at++
      return value
    }
    if (quote === "`" && char === "$" && c.text[c.at + 1] === "{") return skipTemplate(c)
    value += char === "\\" ? readEscape(c) : char
  }
  return COMPUTED
}

/** Stands on the backslash; leaves the cursor on the last character of the escape. */
function readEscape(c: Cursor): string {
  const hex = /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/y
  hex.lastIndex = c.at
  const found = hex.exec(c.text)
  if (found) {
    c.at += found[0].length - 1
    const code = Number.parseInt(found[1] ?? found[2] ?? found[3]!, 16)
    return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code)
  }
  const char = c.text[++c.at] ?? ""
  return ESCAPES[char] ?? char
}

function skipTemplate(c: Cursor): typeof COMPUTED {
  while (c.at < c.text.length && c.text[c.at] !== "`") c.at += c.text[c.at] === "\\" ? 2 : 1
  c.at++
  return COMPUTED
}

/** The type after `as` or `satisfies`: it ends with the line at the latest, where no semicolon does it. */
function skipLineOfType(c: Cursor): void {
  const type = /[^\n;,)\]}]*/y
  type.lastIndex = c.at
  c.at += type.exec(c.text)?.[0].length ?? 0
}

/** A statement that begins on a new line ends an expression whose semicolon was left out. */
const STATEMENT = /(?:export|const|let|var|import|module\.exports)\b/y

/** Moves to the `,` `;` or closing bracket that ends the expression, past strings, comments and brackets in it. */
export function skipExpression(c: Cursor): void {
  const open: string[] = []
  const start = c.at
  for (;;) {
    skipBlank(c)
    STATEMENT.lastIndex = c.at
    if (open.length === 0 && c.at > start && /\n\s*$/.test(c.text.slice(start, c.at)) && STATEMENT.test(c.text)) return
    const char = c.text[c.at]
    if (char === undefined) return
    if (open.length === 0 && ",;)]}".includes(char)) return
    if ("\"'`".includes(char)) {
      readString(c)
      continue
    }
    if (PAIRS[char]) open.push(PAIRS[char])
    else if (char === open.at(-1)) open.pop()
    c.at++
  }
}
