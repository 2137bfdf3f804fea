import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Context } from "../../src/core/context.ts"
import { isLater, isTrusted, platformName } from "../../src/core/release.ts"
import { upgrade } from "../../src/flows/project/upgrade.ts"
import { runNself } from "../support/nself.ts"
import { filesIn, release, VERSION, type Release } from "./support.ts"

const PLATFORM = platformName(process.platform, process.arch, false)
const ARCHIVE = `/v${VERSION}/nself-${VERSION}-${PLATFORM}.tar.zst`
const SUMS = `/v${VERSION}/SHA256SUMS`
let home: string
let made: Release
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "nself-upgrade-"))
  made = await release([PLATFORM])
  await writeFile(join(home, "nself"), "#!/bin/sh\necho 0.0.1\n", { mode: 0o755 })
})
afterEach(async () => {
  await made.remove()
  await rm(home, { recursive: true, force: true })
})

const lines: (string | null)[] = []
const context = (more: Partial<Context> = {}): Context => ({
  cwd: home, env: { NSELF_BASE_URL: made.url }, version: "0.0.1", self: [join(home, "nself")], now: () => new Date(), uuid: () => crypto.randomUUID(), talk: () => {},
  live: line => void lines.push(line), ask: null, signal: new AbortController().signal, ...more,
})
const request = { version: null, baseUrl: null, check: false }
const old = async () => expect({ text: await Bun.file(join(home, "nself")).text(), files: await filesIn(home) }).toEqual({ text: "#!/bin/sh\necho 0.0.1\n", files: [join(home, "nself")] })

test("the newest release takes the place of this one, executable, with nothing left beside it", async () => {
  expect(await upgrade(context(), request)).toEqual({ from: "0.0.1", to: VERSION, state: "upgraded", path: join(home, "nself") })
  expect(await filesIn(home)).toEqual([join(home, "nself")])
  expect((await stat(join(home, "nself"))).mode & 0o777).toBe(0o755)
  expect(Bun.spawnSync([join(home, "nself"), "--version"]).stdout.toString()).toBe(`${VERSION}\n`)
  expect(lines.at(-1)).toBe(null)
})

test("a link to the executable stays one", async () => {
  await symlink(join(home, "nself"), join(home, "link"))
  await upgrade(context({ self: [join(home, "link")] }), request)
  expect(Bun.spawnSync([join(home, "nself"), "--version"]).stdout.toString()).toBe(`${VERSION}\n`)
  expect((await import("node:fs")).lstatSync(join(home, "link")).isSymbolicLink()).toBe(true)
})

test("--check only looks; the same or an older release is nothing to do, unless it was named", async () => {
  expect(await upgrade(context(), { ...request, check: true })).toMatchObject({ state: "available" })
  expect(await upgrade(context({ version: VERSION }), request)).toMatchObject({ state: "same" })
  expect(await upgrade(context({ version: "10.0.0" }), request)).toMatchObject({ state: "same" })
  await old()
  expect(await upgrade(context({ version: "10.0.0" }), { ...request, version: VERSION })).toMatchObject({ state: "upgraded" })
})

test("cut off, changed or missing: the old one stays, and nothing is left", async () => {
  const whole = await made.bytes(ARCHIVE)
  const bad: readonly [Uint8Array | null, { readonly length?: number }?][] = [
    [null], [whole.subarray(0, 9)], [whole.subarray(0, whole.length - 1)], [whole.subarray(0, 40), { length: whole.length }], [whole.map((byte, i) => (i === 30 ? byte ^ 1 : byte))],
  ]
  for (const [bytes, options] of bad) {
    made.replace(ARCHIVE, bytes, options)
    await expect(upgrade(context(), request)).rejects.toMatchObject({ exit: "failed" })
    await old()
  }
})

test.each<[string, (sums: string) => string | null]>([
  ["missing", () => null], ["empty", () => ""], ["of others", sums => sums.replaceAll("nself-", "other-")], ["cut off", sums => sums.slice(0, 20)], ["said twice", sums => sums + sums],
])("SHA256SUMS %s: the old one stays", async (_, change) => {
  const text = change(Buffer.from(await made.bytes(SUMS)).toString())
  made.replace(SUMS, text === null ? null : Buffer.from(text))
  await expect(upgrade(context(), request)).rejects.toMatchObject({ exit: "failed" })
  await old()
})

test("a new one that does not start, or says another version, is not put in place", async () => {
  for (const program of ["#!/bin/sh\necho no >&2; exit 1\n", "#!/bin/sh\necho 1.2.3\n"]) {
    const other = await release([PLATFORM], program)
    await expect(upgrade(context(), { ...request, baseUrl: other.url })).rejects.toMatchObject({ exit: "failed", message: expect.stringContaining("nothing was changed") })
    await other.remove()
    await old()
  }
})

test("a redirect to a place that is not trusted is refused; one to a trusted place is followed", async () => {
  const serve = (to: string) => Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: ({ url }) => Response.redirect(`${to}${new URL(url).pathname}`) })
  const [good, bad] = [serve(made.url), serve("http://example.invalid")]
  await expect(upgrade(context(), { ...request, baseUrl: `http://127.0.0.1:${bad.port}` })).rejects.toMatchObject({ message: expect.stringContaining("is not https://") })
  expect(await upgrade(context(), { ...request, baseUrl: `http://127.0.0.1:${good.port}` })).toMatchObject({ state: "upgraded" })
  await Promise.all([good.stop(true), bad.stop(true)])
})

test("a folder that may not be written to is said", async () => {
  // nobody may make files in /proc, root neither
  await expect(upgrade(context({ self: ["/proc/version"] }), request)).rejects.toMatchObject({ exit: "failed", message: expect.stringContaining("/proc/version") })
})

test("from source, without a place, with a bad place or version: said before anything is downloaded", async () => {
  expect(await runNself(home, "upgrade --version 9.9.9", { env: { NSELF_BASE_URL: made.url } })).toMatchObject({ exit: 3, stderr: expect.stringContaining("runs from its sources") })
  expect(await runNself(home, "upgrade")).toMatchObject({ exit: 2, stderr: expect.stringContaining("--base-url") })
  expect(await runNself(home, "upgrade --base-url http://example.com")).toMatchObject({ exit: 2, stderr: expect.stringContaining("is not https://") })
  expect(await runNself(home, "upgrade --version ../../x", { env: { NSELF_BASE_URL: made.url } })).toMatchObject({ exit: 2, stderr: expect.stringContaining("not a version") })
})

test("what is later, what is trusted, what a platform is called", () => {
  expect([isLater("1.10.0", "1.9.0"), isLater("1.0.0", "1.0.0-rc.1"), isLater("1.0.0", "1.0.0")]).toEqual([true, true, false])
  expect(["https://a", "file:///a", "http://localhost:1/a", "http://[::1]/", "http://a", "http://127.0.0.1.a/", "ftp://localhost", "a"].map(isTrusted)).toEqual([true, true, true, true, false, false, false, false])
  expect([platformName("win32", "x64", false), platformName("linux", "arm64", true), platformName("darwin", "arm64", true)]).toEqual(["windows-x64", "linux-arm64-musl", "darwin-arm64"])
})
