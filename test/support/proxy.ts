/** A TCP proxy in front of a server that fails on command: cuts, delays, swallows the answer of a COMMIT, goes silent. */
import { createServer, connect, type Socket } from "node:net"

export interface ProxyRules {
  /** Milliseconds that every packet is late, each way. */
  delayMs?: number
  /** Takes everything and gives nothing back, without closing. */
  blackhole?: boolean
  /** Seen from the client: what it sent reaches the server, and the connection is reset as soon as this stands in what it sends. Once. */
  cutAfter?: string
  /** As `cutAfter`, but what follows in the same packet never reaches the server. */
  cutBefore?: string
  /** Called when `cutAfter` or `cutBefore` cuts. */
  onCut?: () => void
  /** Milliseconds of silence after which a connection is dropped, as an idle time-out of a load balancer does. */
  idleMs?: number
}

export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** May be changed at any time. */
  readonly rules: ProxyRules
  /** How many connections were opened through it. */
  readonly count: () => number
  /** Resets every open connection. */
  readonly cut: () => void
}

/** The URL with the proxy's port. */
export const through = (url: string, proxy: Proxy): string => url.replace(/:\d+\//, `:${proxy.port}/`)

/** Starts one in front of `127.0.0.1:port`, on a free port. */
export async function startProxy(port: number, rules: ProxyRules = {}): Promise<Proxy> {
  const pairs = new Set<Pair>()
  let count = 0
  const server = createServer(client => {
    count++
    const pair: Pair = { client, upstream: connect(port, "127.0.0.1") }
    pairs.add(pair)
    join(pair, rules, () => pairs.delete(pair))
  })
  await new Promise<void>(done => void server.listen(0, "127.0.0.1", done))
  const cut = (): void => pairs.forEach(reset)
  return {
    port: (server.address() as { port: number }).port, rules, count: () => count, cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise<void>(done => void server.close(() => done()))
    },
  }
}

interface Pair {
  readonly client: Socket
  readonly upstream: Socket
}

function reset({ client, upstream }: Pair): void {
  client.resetAndDestroy()
  upstream.destroy()
}

function join(pair: Pair, rules: ProxyRules, gone: () => void): void {
  const { client, upstream } = pair
  let idle: Timer | undefined
  const touch = (): void => {
    clearTimeout(idle)
    if (rules.idleMs) idle = setTimeout(() => reset(pair), rules.idleMs)
  }
  const late = (work: () => void): void => void (rules.delayMs ? setTimeout(work, rules.delayMs) : work())
  client.on("data", (data: Buffer) => {
    touch()
    if (!rules.blackhole) late(() => toServer(pair, rules, data))
  })
  upstream.on("data", (data: Buffer) => {
    touch()
    if (!rules.blackhole) late(() => void (client.destroyed || client.write(data)))
  })
  const over = (): void => {
    clearTimeout(idle)
    if (rules.blackhole) return // the other side never hears of it, until `cut`
    late(() => (client.destroy(), upstream.destroy()))
    gone()
  }
  for (const socket of [client, upstream]) socket.on("error", over).on("close", over)
}

/** The rule is used up before the connection goes, so that a second try gets through. */
function toServer(pair: Pair, rules: ProxyRules, data: Buffer): void {
  const { client, upstream } = pair
  if (rules.cutBefore && data.includes(rules.cutBefore)) {
    delete rules.cutBefore
    rules.onCut?.()
    return reset(pair)
  }
  if (rules.cutAfter && data.includes(rules.cutAfter)) {
    delete rules.cutAfter
    rules.onCut?.()
    client.resetAndDestroy()
    upstream.removeAllListeners("data")
    return void upstream.write(data, () => setTimeout(() => upstream.destroy(), 500)) // the server gets it and works on it; its answer goes nowhere
  }
  if (!upstream.destroyed) upstream.write(data)
}
