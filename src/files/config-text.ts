import { COMPUTED, type Cursor, type Read, readExpression, skipBlank, skipExpression, take, takeName } from "./literal.ts"

/**
 * The object that a config file stands for, read without running it: the bare object, `export default {…}`, `defineConfig({…})`,
 * `module.exports = {…}`, and `const config = {…}; export default config`.
 *
 * @returns its properties, `COMPUTED` where code would have to run; `COMPUTED` for the whole where the file has another form
 */
export function readConfigText(text: string): Read {
  const c: Cursor = { text, at: 0 }
  const known = new Map<string, Read>()
  skipBlank(c)
  if (text[c.at] === "{") return wholeFile(c)
  for (;;) {
    skipBlank(c)
    while (take(c, ";")) skipBlank(c)
    if (c.at >= text.length) return COMPUTED
    if (take(c, "import")) {
      if (!skipImport(c)) return COMPUTED
    } else if (take(c, "export default") || takeExports(c)) {
      return readValue(c, known)
    } else if (isCall(c)) {
      skipExpression(c)
    } else if (!readConstant(c, known)) return COMPUTED
  }
}

/** `dotenv.config({ … })`: it may change what is computed, never what is written. */
function isCall(c: Cursor): boolean {
  const call = /[\w$.]+\(/y
  call.lastIndex = c.at
  return call.test(c.text)
}

function wholeFile(c: Cursor): Read {
  const value = readExpression(c)
  take(c, ";")
  skipBlank(c)
  return c.at >= c.text.length ? value : COMPUTED
}

function takeExports(c: Cursor): boolean {
  const before = c.at
  if (take(c, "module.exports") && take(c, "=")) return true
  c.at = before
  return false
}

/** `import … from "x"` and `import "x"`: nothing a literal could depend on. */
function skipImport(c: Cursor): boolean {
  const rest = /(?:[^"'`;]*?\bfrom\s*)?\s*(?:"[^"\n]*"|'[^'\n]*')/y
  rest.lastIndex = c.at
  const found = rest.exec(c.text)
  if (found) c.at += found[0].length
  return found !== null
}

/** `const config: Config = …`, kept under its name. */
function readConstant(c: Cursor, known: Map<string, Read>): boolean {
  take(c, "export")
  if (!take(c, "const") && !take(c, "let") && !take(c, "var")) return false
  const name = takeName(c)
  if (name === null) return false
  if (take(c, ":")) skipType(c)
  if (!take(c, "=")) return false
  known.set(name, readValue(c, known))
  return true
}

/** A type annotation has no `=` in it but within brackets. */
function skipType(c: Cursor): void {
  const type = /[\w$.\s<>[\]|&,"']*/y
  type.lastIndex = c.at
  c.at += type.exec(c.text)![0].length
}

/** A literal, a name known by now, or either as the argument of `defineConfig`. */
function readValue(c: Cursor, known: ReadonlyMap<string, Read>): Read {
  if (take(c, "defineConfig")) return take(c, "(") ? readValue(c, known) : COMPUTED
  const before = c.at
  const name = takeName(c)
  if (name !== null && known.has(name)) return known.get(name)!
  c.at = before
  const value = readExpression(c)
  while (take(c, ")") || take(c, ",")) skipBlank(c)
  return value
}
