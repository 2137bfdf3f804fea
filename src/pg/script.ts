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
      submit: (connection: Connection) => connection.query(sql),
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
}
