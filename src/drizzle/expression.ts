/**
 * Does an index expression need parentheses of its own? PostgreSQL takes a column or a function call without; anything with an operator needs
 * them, and drizzle-orm's users often leave them out. Only what stands outside quotes and parentheses is looked at.
 */
export function needsParens(text: string): boolean {
  return /[-+*/<>=~!@#%^&|?:]|\b(is|and|or|not|case|like|ilike|in)\b/i.test(outside(text))
}

/** The text without what stands in quotes or parentheses. */
function outside(text: string): string {
  let depth = 0
  let quote = ""
  let kept = ""
  for (const char of text) {
    if (quote !== "") quote = char === quote ? "" : quote
    else if (char === "'" || char === '"') quote = char
    else if (char === "(") depth++
    else if (char === ")") depth--
    else if (depth === 0) kept += char
  }
  return kept
}
