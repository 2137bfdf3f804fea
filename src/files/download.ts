import { Fault } from "../core/fault.ts"
import { isTrusted } from "../core/release.ts"

/** Redirects that are followed. */
const HOPS = 5
/** Silence that ends a download. Milliseconds. */
const SILENCE = 30_000

/**
 * A whole file from a URL, in memory. A redirect to a place that is not trusted is refused.
 *
 * @param onBytes  told how much is there, and of how much; `null`: nobody said
 * Throws `failed`: not there, cut off, too slow.
 */
export async function download(url: string, signal: AbortSignal, onBytes?: (done: number, all: number | null) => void): Promise<Uint8Array> {
  if (url.startsWith("file:")) return fromDisk(url)
  try {
    const response = await follow(url, signal)
    if (!response.ok) throw new Fault("failed", `cannot download ${url}: the server says ${response.status}`, "check --base-url and --version")
    return await collect(response, url, onBytes)
  } catch (error) {
    if (error instanceof Fault) throw error
    if (signal.aborted) throw new Fault("interrupted", "the download was interrupted; nothing was changed")
    throw new Fault("failed", `cannot download ${url}: ${error instanceof Error ? error.message : String(error)}`, "check the network, then try again", error)
  }
}

async function fromDisk(url: string): Promise<Uint8Array> {
  const file = Bun.file(new URL(url))
  if (await file.exists()) return file.bytes()
  throw new Fault("failed", `there is no ${url}`, "check --base-url and --version")
}

async function follow(start: string, signal: AbortSignal): Promise<Response> {
  let url = start
  for (let hop = 0; hop <= HOPS; hop++) {
    const response = await fetch(url, { redirect: "manual", signal })
    const next = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null
    if (next === null) return response
    url = new URL(next, url).href
    if (!isTrusted(url)) throw new Fault("failed", `${start} leads to ${url}, which is not https://; nothing was changed`, "check --base-url")
  }
  throw new Fault("failed", `${start} leads round and round`, "check --base-url")
}

async function collect(response: Response, url: string, onBytes: (done: number, all: number | null) => void = () => {}): Promise<Uint8Array> {
  const said = response.headers.get("content-length")
  const all = said === null ? null : Number(said)
  const parts: Uint8Array[] = []
  let done = 0
  const chunks = (response.body as ReadableStream<Uint8Array>)[Symbol.asyncIterator]()
  for (;;) {
    const { value, done: over } = await withinSilence(chunks.next(), url)
    if (over) break
    parts.push(value)
    onBytes((done += value.length), all)
  }
  if (all !== null && done !== all) throw new Fault("failed", `${url} was cut off: ${done} of ${all} bytes; nothing was changed`, "try again")
  return Buffer.concat(parts)
}

async function withinSilence<T>(next: Promise<T>, url: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout>
  const silence = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Fault("failed", `${url}: no byte for ${SILENCE / 1000} s; nothing was changed`, "try again")), SILENCE)
  })
  return Promise.race([next, silence]).finally(() => clearTimeout(timer))
}
