import type { Client, Connection } from "pg"

/**
 * One simple query of any number of statements whose rows nobody wants: what `pg` would collect of them, and the objects for it, cost more than the
 * sending (a fan-out sends fourteen statements per tenant).
 *
 * Rejects with the server's error; `statement` of it is the index, from 0, of the statement that failed.
 */
export function sendScript(client: Client, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = 0
    const query = {
      submit: (connection: Connection) => write(connection, sql),
      handleRowDescription: () => {},
      handleDataRow: () => {},
      handlePortalSuspended: () => {},
      handleCommandComplete: () => void done++,
      handleEmptyQuery: () => void done++,
      handleCopyInResponse: (connection: Wire) => connection.sendCopyFail("No source stream defined"),
      handleCopyData: () => {},
      handleError: (error: Error) => reject(Object.assign(error, { statement: done })),
      handleReadyForQuery: () => resolve(),
    }
    client.query(query)
  })
}

/** The part of `pg`'s protocol connection that its types leave out. */
interface Wire {
  sendCopyFail(message: string): void
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): unknown }
}

/** Characters up to which a text is written where the one before it was. */
const SMALL = 16_384

const places = new WeakMap<Connection, Buffer>()

/**
 * A simple query, written into the same memory each time: a connection is asked again only once the server has read all of the last message and answered. `pg`
 * takes new memory for each, twice, which is a third of what a message costs this process.
 */
function write(connection: Connection, sql: string): void {
  if (sql.length > SMALL) return connection.query(sql)
  const place = places.getOrInsertComputed(connection, () => Buffer.allocUnsafeSlow(5 + 3 * SMALL + 1)) // three bytes of UTF-8 at most for one of UTF-16
  const bytes = place.write(sql, 5, "utf8")
  place[0] = "Q".charCodeAt(0)
  place.writeInt32BE(4 + bytes + 1, 1) // the length counts itself and the NUL
  place[5 + bytes] = 0
  const { stream } = connection as unknown as Wire
  if (stream.writable) stream.write(place.subarray(0, 5 + bytes + 1)) // else its end is told to whoever waits for the answer
}
