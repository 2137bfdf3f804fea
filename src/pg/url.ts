import { Fault } from "../core/fault.ts"

/** A connection URL taken apart, percent-decoded, nothing filled in. Keys are libpq's parameter names. */
export type Parts = Readonly<Partial<Record<Key, string>>>

/** The parameters of libpq that nself honours. `host` and `port` may be comma-separated lists. */
export const KEYS = [
  "host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding",
  "target_session_attrs", "connect_timeout", "application_name", "options",
] as const
export type Key = (typeof KEYS)[number]

/** Parameters that say nothing nself could do otherwise, with the values that may stand there. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  gssencmode: ["disable", "prefer"], sslnegotiation: ["postgres"], client_encoding: ["utf8", "UTF8", "UTF-8", "auto"],
  fallback_application_name: [], load_balance_hosts: ["disable"], sslcompression: ["0"], keepalives: ["1"],
}

/**
 * `postgres://user:password@host:port,[::1]:port/database?key=value`. Throws a `usage` fault that names the source and the matter,
 * never the URL or a part of it: any part may be a piece of a password that was not encoded.
 *
 * @param source  where the URL came from: `--url`, `DATABASE_URL`
 */
export function parseUrl(url: string, source: string): Parts {
  const bad = (matter: string, hint = EXAMPLE): Fault => new Fault("usage", `${source} is not a connection URL: ${matter}`, hint)
  const body = /^postgres(?:ql)?:\/\/(.*)$/is.exec(url.trim())?.[1]
  if (body === undefined) throw bad("it does not begin with postgres:// or postgresql://")
  if (url.includes("\0") || body.includes("#")) throw bad("it holds a # or a NUL", ENCODE)
  const [, authority = "", path = "", query = ""] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(body) ?? []
  const at = authority.lastIndexOf("@")
  if (at < 0 && path.includes("@")) throw bad("the password holds a character that must be percent-encoded", ENCODE)
  const decode = decoder(bad)
  const [user, password] = halves(authority.slice(0, Math.max(0, at)), ":")
  return {
    ...addresses(authority.slice(at + 1), bad, decode),
    ...(user && { user: decode(user) }),
    ...(password !== undefined && { password: decode(password) }),
    ...(path && { dbname: decode(path) }),
    ...parameters(query, source, decode),
  }
}

const EXAMPLE = "postgres://user:password@host:5432/database"
const ENCODE = "percent-encode it in user and password: @ %40, / %2F, # %23, ? %3F, : %3A, % %25"

type Bad = (matter: string, hint?: string) => Fault
type Decode = (text: string) => string

function decoder(bad: Bad): Decode {
  return text => {
    try {
      return decodeURIComponent(text)
    } catch {
      throw bad("a % is not followed by two hex digits of UTF-8", ENCODE)
    }
  }
}

function halves(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function addresses(list: string, bad: Bad, decode: Decode): Parts {
  if (list === "") return {}
  const all = list.split(",").map(one => {
    const found = /^(?:\[([0-9a-fA-F:.]+(?:%25[\w.]+)?)\]|([^:[\]]*))(?::(\d*))?$/.exec(one)
    if (!found) throw bad("host or port cannot be read", `${ENCODE}; an IPv6 address stands in brackets`)
    return { host: decode(found[1] ?? found[2] ?? ""), port: found[3] ?? "" }
  })
  return {
    ...(all.some(one => one.host !== "") && { host: all.map(one => one.host).join(",") }),
    ...(all.some(one => one.port !== "") && { port: all.map(one => one.port).join(",") }),
  }
}

function parameters(query: string, source: string, decode: Decode): Parts {
  const parts: Partial<Record<Key, string>> = {}
  for (const pair of query.split("&").filter(Boolean)) {
    const [rawKey, rawValue = ""] = halves(pair, "=")
    const [key, value] = [decode(rawKey), decode(rawValue)]
    if (KEYS.includes(key as Key)) parts[key as Key] = value
    else if (key === "ssl" && value === "true") parts.sslmode ??= "require" // as libpq reads the JDBC spelling
    else if (!isHarmless(key, value)) throw unknownKey(key, source)
  }
  return parts
}

function isHarmless(key: string, value: string): boolean {
  const allowed = Object.hasOwn(HARMLESS, key) ? HARMLESS[key]! : null
  return allowed !== null && (allowed.length === 0 || allowed.includes(value))
}

/** The name is shown only if it looks like one: a password cut at a raw `?` or `&` would end up here. */
function unknownKey(key: string, source: string): Fault {
  return new Fault("usage", `${source} has a parameter that nself does not know${/^[a-z_A-Z]{2,32}$/.test(key) ? `: ${key}` : ""}`,
    `take it out of the URL; known are ${KEYS.join(", ")}`)
}
