/** The few parts of PostgreSQL's protocol that a doorkeeper must know. Source: PostgreSQL docs, "Message Formats". */

export interface Message {
  /** `ssl` (also GSS), `cancel` and `startup` have no letter; the others are called by theirs: `Q`, `P`, `S`, `X`. */
  readonly kind: string
  /** The whole message, its letter and length included. */
  readonly bytes: Uint8Array
}

const BEFORE_STARTUP: Readonly<Record<number, string>> = { 80877103: "ssl", 80877104: "ssl", 80877102: "cancel" }

/** Cuts a client's bytes into messages; what is not whole yet waits for the next bytes. */
export function messageReader(): (bytes: Buffer) => readonly Message[] {
  let rest = Buffer.alloc(0)
  let started = false
  const next = (): Message | null => {
    const letter = started ? 1 : 0
    if (rest.length < letter + 4 || (!started && rest.length < 8)) return null
    const size = letter + rest.readInt32BE(letter)
    if (rest.length < size) return null
    const bytes = rest.subarray(0, size)
    const kind = started ? String.fromCharCode(bytes[0]!) : (BEFORE_STARTUP[bytes.readInt32BE(4)] ?? "startup")
    if (kind === "startup") started = true
    rest = rest.subarray(size)
    return { kind, bytes: new Uint8Array(bytes) }
  }
  return bytes => {
    rest = Buffer.concat([rest, bytes])
    const messages: Message[] = []
    for (let message = next(); message; message = next()) messages.push(message)
    return messages
  }
}

/** The SQL of a Query (`Q`), or of a Parse (`P`), where it stands behind the statement's name. */
export function textOf({ kind, bytes }: Message): string {
  const body = Buffer.from(bytes.subarray(5))
  const start = kind === "P" ? body.indexOf(0) + 1 : 0
  return body.toString("utf8", start, body.indexOf(0, start))
}

/** The transaction status of the ReadyForQuery that ends a server's answer (`I`, `T`, `E`); `null` where it ends with something else. */
export function statusIn(data: Uint8Array): string | null {
  const at = data.length - 6
  return at >= 0 && data[at] === 0x5a && data[at + 4] === 5 ? String.fromCharCode(data[at + 5]!) : null
}

/** An ErrorResponse. */
export function errorMessage(code: string, message: string): Buffer {
  const body = Buffer.from(`SERROR\0VERROR\0C${code}\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write("E")
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
