/** One word of SQL as PostgreSQL's scanner sees it. */
export interface Token {
  /** Bytes of UTF-8 from 0. */
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The words of an SQL text without comments and white space; `null` where the scanner finds no words (an open quote). */
export async function tokensOf(text: string): Promise<readonly Token[] | null> {
  const { loadModule, scanSync } = await import("libpg-query")
  await loadModule()
  try {
    return scanSync(text).tokens.filter(({ tokenName }) => !/COMMENT$/.test(tokenName)).map(({ start, end, text: word }) => ({ start, end, text: word }))
  } catch {
    return null
  }
}

/** Whether two texts differ in comments and white space only. */
export async function sameWords(a: string, b: string): Promise<boolean> {
  const [left, right] = [await tokensOf(a), await tokensOf(b)]
  return left !== null && right !== null && left.length === right.length && left.every((token, i) => token.text === right[i]!.text)
}
