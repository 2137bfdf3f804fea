import { Fault } from "./fault.ts"

/** Where releases are handed out. Bytes come from a place that nobody on the way can change: TLS, this machine, or this disk. Throws `usage`. */
export function checkBaseUrl(text: string | null): string {
  if (!text) throw new Fault("usage", "no place to download from is known", "give --base-url, or set NSELF_BASE_URL")
  const url = text.replace(/\/+$/, "")
  if (!isTrusted(url)) throw new Fault("usage", `${url} is not https://`, "http:// is taken only for this machine")
  return url
}

/** https, a file, or http to this very machine. */
export function isTrusted(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === "https:" || url?.protocol === "file:") return true
  return url?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)
}

/** A version as it may stand in a path. Throws `usage`. */
export function checkVersion(text: string): string {
  const version = text.trim().replace(/^v/, "")
  if (/^\d[\w.+-]*$/.test(version) && !version.includes("..")) return version
  throw new Fault("usage", `not a version: ${text.trim().slice(0, 40)}`, "for example --version 0.1.0")
}

/** `linux-x64`, `darwin-arm64`, `linux-x64-musl`, as the archives are named. */
export function platformName(platform: string, arch: string, musl: boolean): string {
  const system = platform === "win32" ? "windows" : platform
  return `${system}-${arch}${musl && system === "linux" ? "-musl" : ""}`
}

/** The sum that a list of sums gives for a file. Throws `failed` where it is not named, named twice, or no sum. */
export function sumOf(sums: string, file: string): string {
  const found = sums.split("\n").map(line => /^([0-9a-f]{64}) [ *](.+?)\r?$/.exec(line)).filter(match => match?.[2] === file)
  if (found.length === 1) return found[0]![1]!
  const why = found.length === 0 ? `does not name ${file}` : `names ${file} more than once`
  throw new Fault("failed", `SHA256SUMS ${why}; nothing was changed`, "nself upgrade --version names another one")
}

/** Whether `a` is a later version than `b`. Source: semver.org 2.0.0, section 11. */
export function isLater(a: string, b: string): boolean {
  return Bun.semver.order(a, b) > 0
}
