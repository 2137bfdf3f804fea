import { stat } from "node:fs/promises"
import { platform } from "node:os"
import type { ConnectionSettings, Host } from "./settings.ts"

type Env = Readonly<Record<string, string | undefined>>

/**
 * The password that a password file holds for this connection, as libpq reads it: `host:port:database:user:password`, `*` for any, `\:` and `\\` escaped,
 * the first line that fits. `PGPASSFILE` names the file, else it is `~/.pgpass`. `null`: none, or the file may be read by others than its owner.
 *
 * @param warn  told why a file that is there is not used
 */
export async function passwordFromFile(settings: Pick<ConnectionSettings, "hosts" | "database" | "user">, env: Env, warn: (line: string) => void): Promise<string | null> {
  const path = env["PGPASSFILE"] || (env["HOME"] ? `${env["HOME"]}/.pgpass` : null)
  const found = path === null ? null : await stat(path).catch(() => null)
  if (path === null || !found?.isFile()) return null
  if (platform() !== "win32" && (found.mode & 0o077) !== 0) {
    warn(`warning: password file ${path} may be read by others, so it is not used: chmod 600 ${path}`)
    return null
  }
  const lines = (await Bun.file(path).text().catch(() => "")).split(/\r?\n/).filter(line => line !== "" && !line.startsWith("#"))
  return settings.hosts.map(host => passwordIn(lines, host, settings)).find(one => one !== null) ?? null
}

function passwordIn(lines: readonly string[], { host, port }: Host, { database, user }: Pick<ConnectionSettings, "database" | "user">): string | null {
  // libpq looks a unix socket in its usual place up as localhost
  const wanted = [/^\/(tmp|(var\/)?run\/postgresql)$/.test(host) ? "localhost" : host, String(port), database, user]
  const fields = lines.map(fieldsOf).find(line => line.length === 5 && wanted.every((one, i) => line[i] === "*" || line[i] === one))
  return fields?.[4] ?? null
}

/** Five fields; a colon or backslash inside of one has a backslash before it. */
function fieldsOf(line: string): readonly string[] {
  return (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).slice(0, 5).map(one => one.replace(/:$/, "").replace(/\\(.)/g, "$1"))
}
