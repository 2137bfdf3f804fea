/** An authority of one's own and a server certificate of it, made by openssl in a temporary folder. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface Certificates extends AsyncDisposable {
  /** PEM file of the authority. */
  readonly ca: string
  /** PEM file of an authority that signed nothing here. */
  readonly otherCa: string
  readonly cert: string
  readonly key: string
}

/** A certificate for this host name. The folder's files may be read by the server's user. */
export async function certificates(host: string): Promise<Certificates> {
  const dir = await mkdtemp(join(tmpdir(), "nself-tls-"))
  await chmod(dir, 0o755)
  const at = (name: string): string => join(dir, name)
  const authority = async (name: string): Promise<void> => {
    await Bun.$`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -keyout ${at(`${name}.key`)} -out ${at(`${name}.pem`)}`.quiet()
  }
  await Promise.all([authority("ca"), authority("other")])
  await writeFile(at("ext"), `subjectAltName=DNS:${host}\n`)
  await Bun.$`openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${host} -keyout ${at("server.key")} -out ${at("server.csr")}`.quiet()
  await Bun.$`openssl x509 -req -in ${at("server.csr")} -CA ${at("ca.pem")} -CAkey ${at("ca.key")} -CAcreateserial -days 2 -extfile ${at("ext")} -out ${at("server.crt")}`.quiet()
  return {
    ca: at("ca.pem"), otherCa: at("other.pem"), cert: at("server.crt"), key: at("server.key"),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}
