import type { PGlite } from "@electric-sql/pglite"
import { copyFromFile } from "../core/copy-statement.ts"
import type { Rows } from "../core/types.ts"

/** The embedded PostgreSQL has no client that could send rows; it reads them from this file, which PGlite fills. */
const BLOB = "/dev/blob"

/** As `COPY … FROM STDIN` on a server; the rows are held in memory. */
export async function copyIn(pglite: PGlite, sql: string, rows: Rows): Promise<number> {
  const parts: (string | Uint8Array<ArrayBuffer>)[] = []
  for await (const part of rows) parts.push(part as string | Uint8Array<ArrayBuffer>)
  const { affectedRows } = await pglite.query(await copyFromFile(sql, BLOB), [], { blob: new Blob(parts) })
  return affectedRows ?? 0
}
