/** PgBouncer in front of a test server, where the machine has one (`apt-get install pgbouncer`). */
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"

export interface Pooler extends AsyncDisposable {
  readonly port: number
}

/** `null`: this machine has none. */
export const PGBOUNCER = Bun.which("pgbouncer", { PATH: `${process.env["PATH"]}:/usr/sbin:/usr/local/sbin` })

/** Starts one in this pool mode, with so many server connections. */
export async function startPgBouncer(serverPort: number, mode: "transaction" | "session", size = 4): Promise<Pooler> {
  const dir = await mkdtemp(join(tmpdir(), "nself-pgbouncer-"))
  const port = await freePort()
  await writeFile(join(dir, "users"), '"postgres" ""\n')
  await writeFile(join(dir, "ini"), [
    "[databases]", `* = host=127.0.0.1 port=${serverPort}`, "[pgbouncer]", "listen_addr = 127.0.0.1", `listen_port = ${port}`, "auth_type = trust", `auth_file = ${dir}/users`,
    `pool_mode = ${mode}`, `default_pool_size = ${size}`, "max_client_conn = 200", "unix_socket_dir =", `logfile = ${dir}/log`, "ignore_startup_parameters = extra_float_digits", "",
  ].join("\n"))
  const nobody = userInfo().uid === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
  await chmod(dir, 0o777)
  if (nobody.length > 0) await chown(dir, 65534, 65534)
  const child = Bun.spawn([...nobody, PGBOUNCER!, "-q", join(dir, "ini")], { stdin: "ignore", stdout: "ignore", stderr: "ignore" })
  for (const end = Date.now() + 10_000; !(await answers(port)); await Bun.sleep(30)) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`pgbouncer did not start: ${await Bun.file(join(dir, "log")).text().catch(() => "")}`)
  }
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await child.exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function answers(port: number): Promise<boolean> {
  return Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } }).then(socket => (socket.end(), true), () => false)
}

function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}
