/** Compiles nself: `dist/nself` for this machine; with `--all` one executable per platform and `dist/SHA256SUMS`. */
import { mkdir, rm } from "node:fs/promises"
import { join, relative, resolve } from "node:path"
import { compile } from "./build/compile.ts"
import { sha256 } from "./build/sha256.ts"
import { TARGETS, type Target } from "./build/targets.ts"

const root = resolve(import.meta.dir, "..")
const dist = join(root, "dist")

async function make(file: string, target?: Target["bun"]): Promise<string> {
  const outfile = join(dist, file)
  await compile({ root, outfile, ...(target ? { target } : {}), releasedUrl: process.env["NSELF_RELEASED_URL"] ?? "" })
  console.log(`${relative(root, outfile)}  ${(Bun.file(outfile).size / 1e6).toFixed(0)} MB`)
  return outfile
}

async function compileAll(): Promise<void> {
  const lines: string[] = []
  for (const { bun, file } of TARGETS) lines.push(`${await sha256(await make(file, bun))}  ${file}\n`)
  await Bun.write(join(dist, "SHA256SUMS"), lines.join(""))
}

await mkdir(dist, { recursive: true })
if (process.argv.includes("--all")) {
  await rm(join(dist, "SHA256SUMS"), { force: true })
  await compileAll()
} else {
  await make(process.platform === "win32" ? "nself.exe" : "nself")
}
