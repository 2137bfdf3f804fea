import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { filesIn, release, run, SCRIPT, toolbox, VERSION, type Ran, type Release } from "./support.ts"

let home: string
let tools: { readonly curl: string; readonly wget: string; readonly none: string }
let made: Release
const SUMS = `/v${VERSION}/SHA256SUMS`
const target = () => join(home, ".local/bin/nself")

beforeAll(async () => {
  const gnu = { getconf: "echo glibc 2.36", ldd: "echo ldd GNU libc" }
  tools = { curl: await toolbox(["curl", "sha256sum"], gnu), wget: await toolbox(["wget", "sha256sum"], gnu), none: await toolbox(["sha256sum"], gnu) }
})
afterAll(async () => void (await Promise.all(Object.values(tools).map(dir => rm(dir, { recursive: true, force: true })))))
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "nself-home-"))
  made = await release()
})
afterEach(async () => {
  await made.remove()
  await rm(home, { recursive: true, force: true })
})

interface How { readonly path?: string; readonly env?: Readonly<Record<string, string>>; readonly shell?: readonly string[]; readonly script?: string }

function install(args: readonly string[] = [], { path = tools.curl, env = {}, shell = ["/bin/sh"], script = SCRIPT }: How = {}): Promise<Ran> {
  return run([...shell, script, ...args], "/", { PATH: path, HOME: home, TMPDIR: home, NSELF_BASE_URL: made.url, NSELF_PLATFORM: "linux-x64", ...env })
}

/** Nothing was installed and nothing was left, neither beside the target nor in the temporary folder. */
async function expectNothing(said: Ran): Promise<void> {
  expect(said.code).toBe(1)
  expect(said.err).toContain("error: ")
  expect(await filesIn(home)).toEqual([])
}

test.each(["curl", "wget"] as const)("with %s the newest version is installed, and the folder is named where PATH does not know it", async client => {
  const said = await install([], { path: tools[client] })
  expect(said).toEqual({ code: 0, out: "", err: `Downloading nself ${VERSION} for linux-x64\nInstalled nself ${VERSION} (linux-x64) to ${target()}\n\nhint: ${home}/.local/bin is not in PATH: export PATH="${home}/.local/bin:$PATH"\n` })
  expect((await run([target(), "--version"])).out).toBe(`${VERSION}\n`)
  expect(await filesIn(home)).toEqual([target()])
  expect((await stat(target())).mode & 0o777).toBe(0o755)
})

test("--version, --prefix and --bin-dir are obeyed, in both spellings", async () => {
  await rm(join(made.dir, "latest"))
  expect((await install(["--version", `v${VERSION}`, "--prefix", join(home, "a b")])).code).toBe(0)
  expect((await install([`--version=${VERSION}`, `--bin-dir=${join(home, "c")}`])).code).toBe(0)
  expect(await filesIn(home)).toEqual([join(home, "a b/bin/nself"), join(home, "c/nself")])
})

test("what was installed before stays when the new one fails, and is replaced when it does not", async () => {
  await mkdir(join(home, ".local/bin"), { recursive: true })
  await writeFile(target(), "old")
  made.replace(made.archive, null)
  expect((await install()).code).toBe(1)
  expect(await Bun.file(target()).text()).toBe("old")
  made.replace(made.archive, await made.bytes(made.archive))
  expect((await install()).code).toBe(0)
  expect(await Bun.file(target()).text()).toContain(VERSION)
})

test.each(["curl", "wget"] as const)("with %s, an archive cut off at any place leaves nothing, whether the server says its length or not", async client => {
  const whole = await made.bytes(made.archive)
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 12)) {
    made.replace(made.archive, whole.subarray(0, at))
    await expectNothing(await install([], { path: tools[client] }))
    if (client === "wget") continue // wget tries a broken connection again and again, for a long time
    made.replace(made.archive, whole.subarray(0, at), { length: whole.length })
    await expectNothing(await install([], { path: tools[client] }))
  }
})

test("#73 one changed byte, anywhere, is found before anything is unpacked", async () => {
  const whole = await made.bytes(made.archive)
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 12)) {
    made.replace(made.archive, whole.map((byte, i) => (i === at ? byte ^ 1 : byte)))
    const said = await install()
    expect(said.err).toContain("is not what was released; nothing was installed")
    await expectNothing(said)
  }
})

test.each<[string, (sums: string) => Uint8Array | null]>([
  ["missing", () => null],
  ["empty", () => new Uint8Array()],
  ["cut off inside the sum", sums => Buffer.from(sums.slice(0, 20))],
  ["cut off inside the name", sums => Buffer.from(sums.slice(0, 70))],
  ["of other files", sums => Buffer.from(sums.replaceAll("linux-x64", "linux-riscv"))],
  ["an error page", () => Buffer.from("<html>404</html>")],
  ["naming the file twice", sums => Buffer.from(`${sums}${"0".repeat(64)}  ${sums.split("\n")[0]!.slice(66)}\n`)],
])("SHA256SUMS %s: nothing is installed", async (_, change) => {
  made.replace(SUMS, change(Buffer.from(await made.bytes(SUMS)).toString()))
  await expectNothing(await install())
})

test("whoever can change both the archive and its sum cannot fool a script that was released with the sum of sums", async () => {
  const sums = await made.bytes(SUMS)
  const text = (await Bun.file(SCRIPT).text()).replace("released_version=''", `released_version='${VERSION}'`).replace("released_sums=''", `released_sums='${new Bun.CryptoHasher("sha256").update(sums).digest("hex")}'`)
  const script = join(made.dir, "install.sh")
  await Bun.write(script, text)
  const fake = await release(["linux-x64"], "#!/bin/sh\necho owned >&2\n")
  made.replace(made.archive, await fake.bytes(fake.archive))
  made.replace(SUMS, await fake.bytes(SUMS))
  await fake.remove()
  const said = await install([], { script })
  expect(said.err).toContain("is not the one that was released")
  await expectNothing(said)
  made.replace(made.archive, await made.bytes(made.archive))
  made.replace(SUMS, sums)
  expect((await install([], { script })).code).toBe(0)
})

test("#73 the script itself, cut off at any place, does nothing", async () => {
  const text = await Bun.file(SCRIPT).text()
  const last = text.lastIndexOf("{ main")
  const script = join(made.dir, "cut.sh")
  for (let at = 0; at < text.length; at += at < last - 200 ? 97 : 1) {
    if (at >= text.lastIndexOf("}") + 1) break
    await Bun.write(script, text.slice(0, at))
    await install([], { script })
    expect({ at, files: await filesIn(home) }).toEqual({ at, files: [] })
  }
}, 120_000)

test.each<[string, Record<string, string>, string]>([
  ["glibc on x86-64", { uname: `[ "$1" = -m ] && echo x86_64 || echo Linux`, getconf: "echo glibc 2.36", ldd: "echo GNU" }, "linux-x64"],
  ["musl on x86-64", { uname: `[ "$1" = -m ] && echo x86_64 || echo Linux`, getconf: "exit 1", ldd: `echo "musl libc (x86_64)" >&2; exit 1` }, "linux-x64-musl"],
  ["musl on arm64", { uname: `[ "$1" = -m ] && echo aarch64 || echo Linux`, getconf: "exit 1", ldd: `echo "musl libc (aarch64)" >&2; exit 1` }, "linux-arm64-musl"],
  ["glibc with musl's tools beside it", { uname: `[ "$1" = -m ] && echo x86_64 || echo Linux`, getconf: "echo glibc 2.36", ldd: "echo musl" }, "linux-x64"],
  ["an Intel Mac", { uname: `[ "$1" = -m ] && echo x86_64 || echo Darwin`, sysctl: "exit 1" }, "darwin-x64"],
  ["an arm64 Mac under Rosetta", { uname: `[ "$1" = -m ] && echo x86_64 || echo Darwin`, sysctl: "echo 1" }, "darwin-arm64"],
])("%s is known", async (_, fakes, platform) => {
  const path = await toolbox(["curl", "sha256sum"], fakes)
  const own = await release([platform])
  const said = await install([], { path, env: { NSELF_PLATFORM: "", NSELF_BASE_URL: own.url } })
  expect(said.err).toContain(`Installed nself ${VERSION} (${platform})`)
  await Promise.all([own.remove(), rm(path, { recursive: true })])
})

test.each<[string, Record<string, string>, string]>([
  ["a processor", { uname: `[ "$1" = -m ] && echo riscv64 || echo Linux` }, "there is no nself for the processor riscv64"],
  ["a system", { uname: `[ "$1" = -m ] && echo x86_64 || echo FreeBSD` }, "there is no nself for FreeBSD"],
])("%s that nothing is built for is said", async (_, fakes, message) => {
  const path = await toolbox(["curl", "sha256sum"], fakes)
  const said = await install([], { path, env: { NSELF_PLATFORM: "" } })
  expect(said.err).toContain(message)
  await expectNothing(said)
  await rm(path, { recursive: true })
})

test.each<[string, string]>([["sha256sum", "sha256sum"], ["openssl", "openssl"], ["shasum", "shasum"]])("%s is enough to verify", async (_, tool) => {
  const fakes: Record<string, string> = tool === "shasum" ? { shasum: `shift 2; exec ${Bun.which("sha256sum")} "$@"` } : {}
  const path = await toolbox(["curl", ...(tool === "shasum" ? [] : [tool])], fakes)
  expect((await install([], { path })).code).toBe(0)
  const whole = await made.bytes(made.archive)
  made.replace(made.archive, whole.map((byte, i) => (i === 9 ? byte ^ 1 : byte)))
  expect((await install([], { path })).err).toContain("is not what was released")
  await rm(path, { recursive: true })
})

test("without a tool for SHA-256, or without curl and wget, nothing is installed", async () => {
  const path = await toolbox(["curl"])
  const said = await install([], { path })
  expect(said.err).toContain("no tool can compute SHA-256")
  await expectNothing(said)
  await rm(path, { recursive: true })
  const bare = await install([], { path: tools.none })
  expect(bare.err).toContain("neither curl nor wget is here")
  await expectNothing(bare)
})

test("an archive that does not start here is not put in place", async () => {
  const own = await release(["linux-x64"], "#!/bin/sh\necho 'wrong libc' >&2\nexit 127\n")
  const said = await install([], { env: { NSELF_BASE_URL: own.url } })
  expect(said.err).toContain("this nself does not start here (linux-x64): wrong libc")
  await expectNothing(said)
  await own.remove()
})

test("on musl without the C++ library it is said which package is missing", async () => {
  const own = await release(["linux-x64-musl"], "#!/bin/sh\necho 'Error loading shared library libstdc++.so.6: No such file or directory' >&2\nexit 127\n")
  const said = await install(["--platform", "linux-x64-musl"], { env: { NSELF_BASE_URL: own.url } })
  expect(said.err).toContain("hint: install the C++ library first: apk add libstdc++")
  await expectNothing(said)
  await own.remove()
})

test("a release in a folder is installed without a network", async () => {
  expect((await install(["--base-url", `file://${made.dir}`], { path: tools.none })).code).toBe(0)
  await rm(join(home, ".local"), { recursive: true })
  await rm(join(made.dir, made.archive))
  await expectNothing(await install(["--base-url", `file://${made.dir}`], { path: tools.none }))
})

test.each(["http://example.com/nself", "ftp://127.0.0.1/x", "http://127.0.0.1.example.com/x", "http://localhostile/x"])("%s is no place to download from", async url => {
  const said = await install(["--base-url", url])
  expect(said.err).toContain("is not https://")
  await expectNothing(said)
})

test.each<[string, readonly string[]]>([["an unknown option", ["--frobnicate"]], ["a missing value", ["--version"]], ["a path as version", ["--version", "../../x"]], ["a word", ["now"]]])("%s is refused", async (_, args) => {
  await expectNothing(await install(args))
})

test("an unprivileged user installs into the own home, and is told where that may not be written", async () => {
  const nobody = process.getuid!() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/bin/sh"] : ["/bin/sh"]
  await chmod(home, 0o777)
  const script = join(made.dir, "install.sh")
  await chmod(made.dir, 0o755)
  await Bun.write(script, await Bun.file(SCRIPT).text())
  const path = "/usr/bin:/bin"
  expect((await install([], { shell: nobody, script, path })).code).toBe(0)
  if (process.getuid!() === 0) expect((await stat(target())).uid).toBe(65534)
  const said = await install(["--prefix", "/proc/nself"], { shell: nobody, script, path })
  expect(said).toMatchObject({ code: 1, err: expect.stringContaining("cannot make the folder /proc/nself/bin") })
})

test("SIGTERM in the middle of a download leaves nothing", async () => {
  const path = await toolbox(["sha256sum"], { curl: `[ "$(echo "$*" | grep -c SHA256SUMS)" = 1 ] || [ "$(echo "$*" | grep -c latest)" = 1 ] || { : >"$HOME/started"; exec sleep 2; }; exec ${Bun.which("curl")} "$@"`, echo: "" })
  await rm(join(path, "echo"))
  const child = Bun.spawn(["/bin/sh", SCRIPT], { env: { PATH: path, HOME: home, TMPDIR: home, NSELF_BASE_URL: made.url, NSELF_PLATFORM: "linux-x64" }, stdout: "ignore", stderr: "ignore" })
  for (const end = Date.now() + 20_000; !existsSync(join(home, "started")) && Date.now() < end;) await Bun.sleep(20)
  child.kill("SIGTERM")
  expect(await child.exited).toBe(143)
  expect(await filesIn(home)).toEqual([join(home, "started")])
  await rm(path, { recursive: true })
})

test.each<[string, readonly string[]]>([["dash", ["dash"]], ["bash --posix", ["bash", "--posix"]], ["busybox sh", ["busybox", "sh"]]])("%s runs it", async (name, shell) => {
  const found = Bun.which(shell[0]!)
  if (name === "busybox sh" && found === null) return expect(await Bun.file(SCRIPT).text()).not.toMatch(/\[\[ |^\s*(local|function)\b/m) // not on every machine
  expect((await install([], { shell: [found!, ...shell.slice(1)] })).code).toBe(0)
})

test("shellcheck has nothing to say, where it is installed; elsewhere the shell's own parser has not", async () => {
  const shellcheck = Bun.which("shellcheck")
  const scripts = [SCRIPT, ...["docker/entrypoint.sh", "ci/report.sh"].map(path => join(import.meta.dir, "../..", path))]
  expect(await run(shellcheck ? [shellcheck, "--shell=sh", ...scripts] : ["/bin/sh", "-n", ...scripts])).toMatchObject({ code: 0, out: "" })
})
