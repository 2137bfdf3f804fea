import { literal } from "./ident.ts"

/**
 * `COPY … FROM STDIN` with a file in the place of STDIN, everything else as written. PostgreSQL's own scanner finds the word.
 *
 * @param statement  one COPY statement that reads from a client
 */
export async function copyFromFile(statement: string, file: string): Promise<string> {
  const { loadModule, scanSync } = await import("libpg-query")
  await loadModule()
  const tokens = scanSync(statement).tokens.filter(token => !token.tokenName.endsWith("COMMENT"))
  const from = tokens.findIndex((token, i) => word(token.text) === "from" && STREAMS.includes(word(tokens[i + 1]?.text)))
  const stream = tokens[from + 1]
  if (from < 0 || !stream) throw new Error(`not a COPY FROM STDIN: ${statement.slice(0, 80)}`)
  const bytes = Buffer.from(statement) // the scanner counts bytes
  return `${bytes.toString("utf8", 0, stream.start)}${literal(file)}${bytes.toString("utf8", stream.end)}`
}

/** To the grammar both are the client's stream; the direction says the rest. */
const STREAMS = ["stdin", "stdout"]

const word = (text: string | undefined): string => (text ?? "").toLowerCase()
