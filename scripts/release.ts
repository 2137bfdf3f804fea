/**
 * Makes a release in `dist/release`, a folder that any web server can hand out: `install.sh`, `report.sh`, `latest` and `v<version>/` with the archives of
 * every platform (gzip and zstd), `SHA256SUMS`, the software bill of materials (CycloneDX) and the notes out of CHANGELOG.md.
 *
 *   --base-url <url>       where it will be handed out; the installer and `nself upgrade` look there
 *   --only <a,b>           only these platforms, for example linux-x64,linux-arm64
 *   --fast                 to try the rest out: hardly compressed, so the size is not looked at
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { version } from "../package.json"
import { commands } from "../src/cli/commands.ts"
import { completions } from "../src/cli/completions.ts"
import { manPage } from "../src/cli/man.ts"
import { compile } from "./build/compile.ts"
import { sha256 } from "./build/sha256.ts"
import { TARGETS, type Target } from "./build/targets.ts"
import { archive, type Packed } from "./release/archive.ts"
import { installerOf } from "./release/installer.ts"
import { notesOf } from "./release/notes.ts"
import { sbom } from "./release/sbom.ts"

/** Bytes of the linux-x64 executable under zstd. */
const LIMIT = 50_000_000

const root = resolve(import.meta.dir, "..")
const release = join(root, "dist/release")
const folder = join(release, `v${version}`)
const { values } = parseArgs({ options: { "base-url": { type: "string", default: "" }, only: { type: "string" }, fast: { type: "boolean", default: false } } })
const only = values.only?.split(",")
const platformOf = ({ bun }: Target): string => bun.replace(/^bun-/, "")
const targets = TARGETS.filter(target => !only || only.includes(platformOf(target)))
if (targets.length === 0 || (only && targets.length < only.length)) throw new Error(`known are ${TARGETS.map(platformOf).join(", ")}`)

const notes = notesOf(await Bun.file(join(root, "CHANGELOG.md")).text(), version)
await rm(release, { recursive: true, force: true })
await mkdir(folder, { recursive: true })

const packages = new Set<string>()
for (const target of targets) for (const name of await pack(target)) packages.add(name)
const bill = await sbom({ root, version, packages: [...packages].toSorted(), bun: Bun.version })
await Bun.write(join(folder, `nself-${version}.cdx.json`), `${JSON.stringify(bill, null, 2)}\n`)
await Bun.write(join(folder, "NOTES.md"), notes)
await writeSums()
await tryHere()
console.log(`\n${release}`)

/** Compiles for one platform and packs the executable with what belongs beside it. */
async function pack(target: Target): Promise<readonly string[]> {
  const executable = target.bun.includes("windows") ? "nself.exe" : "nself"
  const outfile = join(release, ".build", platformOf(target), executable)
  const inside = await compile({ root, outfile, target: target.bun, releasedUrl: values["base-url"] })
  const paths = await archive(join(folder, `nself-${version}-${platformOf(target)}`), [{ path: executable, from: outfile }, ...(await besides())], values.fast)
  for (const path of paths) console.log(`${basename(path)}  ${(Bun.file(path).size / 1e6).toFixed(1)} MB`)
  await rm(join(release, ".build"), { recursive: true })
  const smallest = Bun.file(paths.at(-1)!).size
  if (!values.fast && platformOf(target) === "linux-x64" && smallest >= LIMIT) throw new Error(`linux-x64 takes ${smallest} bytes under zstd, ${LIMIT} is the limit`)
  return inside
}

async function besides(): Promise<readonly Packed[]> {
  return [
    { path: "LICENSE", from: join(root, "LICENSE") },
    { path: "share/man/man1/nself.1", from: { text: manPage(commands, version) } },
    { path: "share/bash-completion/completions/nself", from: { text: completions("bash", commands) } },
    { path: "share/zsh/site-functions/_nself", from: { text: completions("zsh", commands) } },
    { path: "share/fish/vendor_completions.d/nself.fish", from: { text: completions("fish", commands) } },
  ]
}

async function writeSums(): Promise<void> {
  const files = [...new Bun.Glob("*").scanSync(folder)].toSorted()
  const lines = await Promise.all(files.map(async file => `${await sha256(join(folder, file))}  ${file}\n`))
  await Bun.write(join(folder, "SHA256SUMS"), lines.join(""))
  const sums = await sha256(join(folder, "SHA256SUMS"))
  const script = installerOf(await Bun.file(join(root, "scripts/install.sh")).text(), { url: values["base-url"], version, sums })
  await Bun.write(join(release, "install.sh"), script)
  await Bun.write(join(release, "report.sh"), Bun.file(join(root, "ci/report.sh")))
  await Bun.write(join(release, "latest"), `${version}\n`)
}

/** Installs what can run on this machine out of the finished release, into an empty home, and starts it. */
async function tryHere(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "nself-release-home-"))
  try {
    for (const target of targets.filter(isHere)) {
      const child = Bun.spawn(["/bin/sh", join(release, "install.sh"), "--base-url", `file://${release}`, "--platform", platformOf(target)], { env: { PATH: process.env["PATH"]!, HOME: home }, stdout: "inherit", stderr: "inherit" })
      if ((await child.exited) !== 0) throw new Error(`${platformOf(target)} cannot be installed from this release`)
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function isHere(target: Target): boolean {
  return platformOf(target) === `${process.platform}-${process.arch}`
}
