const VALUES = "( VALUES "
/** `'a'::character varying`, `E'\\n'`, `-1.5`: what stands in the list of an IN. */
const CONSTANT = /^(?:E?'(?:[^']|'')*'(?:::[\w ."]+(?:\(\d+(?:,\d+)?\))?)?|-?\d+(?:\.\d+)?)$/
const ARRAY_TYPE = /^::((?:"[^"]+"|[a-z_]\w*)(?:\.(?:"[^"]+"|[a-z_]\w*)|(?: [a-z]+)*(?:\(\d+(?:,\d+)?\))?(?: [a-z]+)*))\[\]/

/**
 * Texts that PostgreSQL prints in one way, reads, and prints in another way from then on, brought to the second: one and the same check would have two.
 *
 * `ARRAY['a'::varchar, 'b'::varchar]::text[]`, which is what it makes of `code IN ('a', 'b')`, is `ARRAY['a'::varchar::text, 'b'::varchar::text]`
 * (`transformTypeCast` in parse_expr.c: a cast of ARRAY[…] goes to its elements), and VALUES within a UNION loses a blank.
 */
export function fixedText(text: string): string {
  if (!text.includes("]::") && !text.includes(VALUES)) return text
  let result = ""
  let at = 0
  while (at < text.length) {
    const found = text.startsWith("ARRAY[", at) && !/\w/.test(text[at - 1] ?? "") ? arrayAt(text, at) : null
    const step = found ?? (text.startsWith(VALUES, at) ? { text: "(VALUES ", end: at + VALUES.length } : null) ?? { text: text.slice(at, skip(text, at)), end: skip(text, at) }
    result += step.text
    at = step.end
  }
  return result
}

function arrayAt(text: string, start: number): { readonly text: string; readonly end: number } | null {
  const elements: string[] = []
  let from = start + "ARRAY[".length
  for (let at = from; at < text.length; at = skip(text, at)) {
    if (text[at] === "[" || text[at] === "(") return null
    if (text[at] !== "," && text[at] !== "]") continue
    elements.push(text.slice(from, at).trim())
    from = at + 1
    if (text[at] === ",") continue
    const type = ARRAY_TYPE.exec(text.slice(from))
    if (!type || !elements.every(element => CONSTANT.test(element))) return null
    return { text: `ARRAY[${elements.map(element => `${element}::${type[1]}`).join(", ")}]`, end: from + type[0].length }
  }
  return null
}

/** Where the next part begins: behind a quoted one, else one character on. */
function skip(text: string, at: number): number {
  const quote = text[at]
  if (quote !== "'" && quote !== '"') return at + 1
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === "\\" && text[at - 1] === "E") end++
    else if (text[end] === quote && text[end + 1] === quote) end++
    else if (text[end] === quote) return end + 1
  }
  return text.length
}

/** Texts that people wrote and PostgreSQL only keeps. */
const WRITTEN: ReadonlySet<string> = new Set(["comment", "text", "labels", "name", "key"])

/** The same for every expression in a row of the catalog. */
export function withFixedTexts<T>(value: T, key = ""): T {
  if (typeof value === "string") return (WRITTEN.has(key) ? value : fixedText(value)) as T
  if (value === null || typeof value !== "object") return value
  if (Array.isArray(value)) return value.map(one => withFixedTexts(one as unknown, key)) as T
  const row = value as Record<string, unknown>
  for (const name of Object.keys(row)) {
    const old = row[name]
    if (typeof old === "string" || (old !== null && typeof old === "object")) row[name] = withFixedTexts(old, name)
  }
  return value
}
