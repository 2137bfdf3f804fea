import { Fault } from "../core/fault.ts"
import { psqlCommands, splitPsql } from "../core/psql-text.ts"
import type { SqlFile } from "../core/types.ts"

export interface HasuraTarget {
  /** `http://127.0.0.1:8080`, with or without a path behind it. */
  readonly endpoint: string
  /** Hasura's name of the database. */
  readonly source: string
  readonly adminSecret: string | null
  readonly signal: AbortSignal
}

/** How long one file may take. Milliseconds. */
const PATIENCE = 600_000

/**
 * Runs a file through Hasura's `run_sql`, as its command line does. Throws `failed` with what Hasura or PostgreSQL said, `refused` for rows of COPY and
 * commands of psql, which `run_sql` cannot take.
 * Source: Hasura docs, "Schema API Reference", `run_sql`.
 */
export async function runSql(target: HasuraTarget, file: SqlFile): Promise<void> {
  const body = { type: "run_sql", args: { source: target.source, sql: await plainSql(file), cascade: false, read_only: false } }
  const { status, text } = await post(target, body, file)
  if (status >= 200 && status < 300) return
  throw new Fault("failed", `${file.path}: Hasura said no (HTTP ${status}): ${reason(text)}`, hintFor(status, file))
}

async function post({ endpoint, adminSecret, signal }: HasuraTarget, body: unknown, file: SqlFile): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(new URL("v2/query", endpoint.endsWith("/") ? endpoint : `${endpoint}/`), {
      method: "POST", body: JSON.stringify(body), signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]), redirect: "error",
      headers: { "content-type": "application/json", ...(adminSecret === null ? {} : { "x-hasura-admin-secret": adminSecret }) },
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    if (signal.aborted) throw new Fault("interrupted", `interrupted while Hasura ran ${file.path}`, "nself db hasura seed apply")
    throw new Fault("failed", `${file.path}: Hasura cannot be reached at ${endpoint}: ${error instanceof Error ? error.message : String(error)}`, "check --endpoint", error)
  }
}

/** The file's SQL without the lines that pg_dump writes for psql. */
async function plainSql(file: SqlFile): Promise<string> {
  const parts = await splitPsql(file.text)
  const bad = parts.find(part => part.kind === "copy") ?? psqlCommands(parts)[0]
  if (!bad) return parts.every(part => part.kind === "sql") ? file.text : parts.map(part => (part.kind === "sql" ? part.text : "")).join("\n")
  const what = bad.kind === "copy" ? "Hasura's run_sql takes no rows behind COPY" : `only psql knows \\${bad.command}`
  throw new Fault("refused", `${file.path}:${bad.line}: ${what}`, "run it through PostgreSQL (without --endpoint), or export it with INSERT statements: pg_dump --inserts")
}

/** Hasura's `error`, and PostgreSQL's message inside of it. */
function reason(text: string): string {
  try {
    const { error, internal } = JSON.parse(text) as { error?: string; internal?: { error?: { message?: string; description?: string | null; status_code?: string } } }
    const inner = internal?.error
    const said = [error, inner?.message, inner?.description, inner?.status_code ? `SQLSTATE ${inner.status_code}` : null].filter(Boolean)
    return said.length > 0 ? said.join(": ") : text.slice(0, 300)
  } catch {
    return text.slice(0, 300)
  }
}

function hintFor(status: number, file: SqlFile): string {
  if (status === 401) return "set HASURA_GRAPHQL_ADMIN_SECRET"
  return status === 404 ? "give --endpoint as Hasura's address, for example http://127.0.0.1:8080" : `correct ${file.path}, then run the command again`
}
