import { lookup } from "node:dns/promises"
import { Client } from "pg"
import { Fault } from "../core/fault.ts"
import { connectFault, isFinal } from "./connect-fault.ts"
import { hostLabel, isLocal, type ConnectionSettings, type Host, type Target } from "./settings.ts"
import { attemptsFor, type Attempt } from "./tls.ts"

/** Milliseconds until TCP asks a silent peer whether it lives. */
const KEEPALIVE = 10_000

/** A connected client of the first host that answers and fits `target_session_attrs`. Throws `failed` with the last host's reason. */
export async function connect(settings: ConnectionSettings, applicationName: string): Promise<Client> {
  // As in libpq, `prefer-standby` is two rounds: a standby, then anything.
  const rounds: readonly Target[] = settings.target === "prefer-standby" ? ["standby", "any"] : [settings.target]
  let fault: Fault | null = null
  for (const target of rounds) {
    for (const host of settings.hosts) {
      try {
        return await connectTo(settings, await reachable(host), applicationName, target)
      } catch (error) {
        fault = connectFault(settings, host, error)
        if (isFinal(error) && !(error instanceof WrongTarget)) throw fault
      }
    }
  }
  throw fault!
}

/** Inside nself's Docker network the server is called `postgres`; outside of it, on the same machine, its port is published on 127.0.0.1. */
export async function reachable(host: Host): Promise<Host> {
  if (host.host !== "postgres") return host
  return await lookup(host.host).then(() => host, () => ({ ...host, host: "127.0.0.1" }))
}

/** Servers that said they speak no TLS, where it was only preferred: the next connection to one tries without first. */
const clear = new WeakMap<ConnectionSettings, Set<string>>()

async function connectTo(settings: ConnectionSettings, host: Host, applicationName: string, target: Target): Promise<Client> {
  const server = `${host.host}:${host.port}`
  const all = await attemptsFor(settings, host.host)
  const attempts = clear.get(settings)?.has(server) ? all.toReversed() : all
  for (const [i, attempt] of attempts.entries()) {
    try {
      const client = await open(settings, host, attempt, applicationName)
      await checkTarget(client, host, target).catch(async (error: unknown) => {
        await client.end().catch(() => {})
        throw error
      })
      return client
    } catch (error) {
      if (i === attempts.length - 1 || !isAboutTls(error)) throw error
      if (speaksNoTls(error)) clear.set(settings, (clear.get(settings) ?? new Set()).add(server))
    }
  }
  throw new Error("unreachable: there is at least one attempt")
}

/** `prefer` goes on without TLS only if TLS was the matter, `allow` with it only if the server wants it. */
function isAboutTls(error: unknown): boolean {
  const said = error instanceof Error ? error.message : ""
  return speaksNoTls(error) || said.includes("establishing an SSL") || said.includes("no encryption") || said.includes("SSL off")
}

const speaksNoTls = (error: unknown): boolean => error instanceof Error && error.message.includes("does not support SSL")

async function open(settings: ConnectionSettings, host: Host, ssl: Attempt, applicationName: string): Promise<Client> {
  const client = new Client({
    host: host.host, port: host.port, user: settings.user, database: settings.database,
    password: () => settings.password ?? "", // a function, so that `pg` looks neither at PGPASSWORD nor at ~/.pgpass
    ssl, application_name: applicationName, connectionTimeoutMillis: settings.connectTimeout * 1000,
    keepAlive: true, keepAliveInitialDelayMillis: KEEPALIVE,
    enableChannelBinding: settings.channelBinding !== "disable",
    ...(settings.options !== null && { options: settings.options }),
  })
  client.on("error", () => {}) // the session tells it to whoever asks next; without a listener it would end the process
  if (settings.channelBinding === "require") demandBinding(client, host, ssl)
  if (!ssl && !isLocal(host.host)) refuseClearText(client, host)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

interface Auth {
  on(event: string, listener: (message: { mechanisms?: readonly string[] }) => void): void
  stream: { destroy(error: Error): void }
}

/** `pg` would silently do with less; what is demanded is SCRAM-SHA-256-PLUS, and the refusal comes before anything secret is sent. */
function demandBinding(client: Client, host: Host, ssl: Attempt): void {
  const refusal = new Fault("failed", `${hostLabel(host)} does not offer channel binding, which channel_binding=require asks for`, "use TLS with SCRAM at the server, or drop channel_binding=require")
  if (!ssl) throw refusal
  const { connection } = client as unknown as { connection: Auth }
  let bound = false
  const refuse = (): void => connection.stream.destroy(refusal)
  connection.on("authenticationSASL", message => (message.mechanisms?.includes("SCRAM-SHA-256-PLUS") ? (bound = true) : refuse()))
  connection.on("authenticationCleartextPassword", refuse)
  connection.on("authenticationMD5Password", refuse)
  connection.on("authenticationOk", () => bound || refuse())
}

/** A password in clear text over an open line is not sent, whoever asks for it. */
function refuseClearText(client: Client, host: Host): void {
  const { connection } = client as unknown as { connection: Auth }
  connection.on("authenticationCleartextPassword", () => connection.stream.destroy(new Fault("failed",
    `${hostLabel(host)} asks for the password in clear text, and the connection is not encrypted; it was not sent`, "use TLS (sslmode=verify-full), or SCRAM at the server")))
}

/** A server that answered and is not the one that was asked for: a standby where something is to be changed. */
export class WrongTarget extends Fault {}

async function checkTarget(client: Client, host: Host, target: Target): Promise<void> {
  if (target === "any") return
  const { rows } = await client.query<{ standby: boolean; readonly: boolean }>(
    "select pg_is_in_recovery() as standby, current_setting('transaction_read_only')::bool as readonly")
  const { standby, readonly } = rows[0]!
  const fits = { "read-write": !readonly, "read-only": readonly, primary: !standby, standby, "prefer-standby": standby }[target]
  if (!fits) throw new WrongTarget("failed", `${hostLabel(host)} is ${standby ? "a standby" : readonly ? "read-only" : "a primary"}, and ${target} is wanted (target_session_attrs, or a command that changes something)`, "connect to the primary, or name all hosts: postgres://a,b/db")
}
