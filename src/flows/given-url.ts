import { join } from "node:path"
import type { Context } from "../core/context.ts"
import { Fault } from "../core/fault.ts"
import { passwordsIn } from "../core/redact.ts"
import { readText } from "../files/read-text.ts"

/**
 * The context in which the database is the one whose URL stands in an environment variable (`--url-env`) or in a file (`--url-file`), so that it never stood
 * in a process list. Throws `usage` when it is not there or empty; the URL itself is never shown.
 */
export async function withGivenUrl(ctx: Context, { env, file }: { readonly env: string | null; readonly file: string | null }): Promise<Context> {
  if (env === null && file === null) return ctx
  if (env !== null && file !== null) throw new Fault("usage", "--url-env and --url-file are both given", "give one of them")
  const from = env !== null ? `--url-env ${env}` : `--url-file ${file}`
  const url = (env !== null ? ctx.env[env] : await textOf(ctx, file!))?.trim()
  if (!url) throw new Fault("usage", env !== null ? `${from}: that variable is not set` : `${from}: the file is empty`, `put postgres://user:password@host:5432/database into it`)
  for (const secret of passwordsIn(url)) ctx.hide?.(secret)
  return { ...ctx, env: { ...ctx.env, NSELF_GIVEN_URL: url, NSELF_GIVEN_URL_FROM: from } }
}

/** The person named this very file, so it may be anywhere. */
async function textOf(ctx: Context, file: string): Promise<string> {
  const path = file.startsWith("/") ? file : join(ctx.cwd, file)
  const text = await readText("/", path, file)
  if (text === null) throw new Fault("usage", `--url-file ${file}: there is no such file`, "give the path of a file that holds the URL")
  return text
}
