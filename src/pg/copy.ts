import type { Client } from "pg"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { Rows } from "../core/types.ts"

/** Sends rows to a `COPY … FROM STDIN`, no faster than the server takes them. Rejects with PostgreSQL's error; the session stays usable. */
export async function copyIn(client: Client, sql: string, rows: Rows): Promise<number> {
  const { from } = await import("pg-copy-streams")
  const stream = client.query(from(sql))
  await pipeline(Readable.from(rows, { objectMode: true }), stream)
  return stream.rowCount
}
