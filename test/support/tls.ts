/** An authority of one's own and a server certificate of it, made by openssl in a temporary folder. */
import { chmod, chown, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startCluster, type Cluster, type Major } from "./server.ts"

export interface Certificates extends AsyncDisposable {
  /** PEM file of the authority. */
  readonly ca: string
  /** PEM file of an authority that signed nothing here. */
  readonly otherCa: string
  readonly cert: string
  readonly key: string
}

/** A certificate for this host name. The folder's files may be read by the server's user. `days`: how long it is good; below 0 it has expired. */
export async function certificates(host: string, days = 2): Promise<Certificates> {
  const dir = await mkdtemp(join(tmpdir(), "nself-tls-"))
  await chmod(dir, 0o755)
  const at = (name: string): string => join(dir, name)
  const authority = async (name: string): Promise<void> => {
    await Bun.$`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -keyout ${at(`${name}.key`)} -out ${at(`${name}.pem`)}`.quiet()
  }
  await Promise.all([authority("ca"), authority("other")])
  await writeFile(at("ext"), `subjectAltName=DNS:${host}\n`)
  await Bun.$`openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${host} -keyout ${at("server.key")} -out ${at("server.csr")}`.quiet()
  await Bun.$`openssl x509 -req -in ${at("server.csr")} -CA ${at("ca.pem")} -CAkey ${at("ca.key")} -CAcreateserial -days ${days} -extfile ${at("ext")} -out ${at("server.crt")}`.quiet()
  return {
    ca: at("ca.pem"), otherCa: at("other.pem"), cert: at("server.crt"), key: at("server.key"),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

/** A server of its own that takes TLS with this certificate. */
export async function tlsCluster(major: Major, { cert, key }: Certificates): Promise<Cluster> {
  const cluster = await startCluster(major)
  await cluster.stop("fast")
  for (const [from, name] of [[cert, "server.crt"], [key, "server.key"]] as const) {
    await copyFile(from, join(cluster.data, name))
    await chmod(join(cluster.data, name), 0o600)
    if (process.getuid?.() === 0) await chown(join(cluster.data, name), 65534, 65534)
  }
  await Bun.write(join(cluster.data, "postgresql.auto.conf"), "ssl = on\n")
  if (process.getuid?.() === 0) await chown(join(cluster.data, "postgresql.auto.conf"), 65534, 65534)
  await cluster.start()
  return cluster
}
