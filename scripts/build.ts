/** Compiles nself: `dist/nself` for this machine; with `--all` one executable per platform and `dist/SHA256SUMS`. */
import { mkdir, rm } from "node:fs/promises"
import { join, relative, resolve } from "node:path"
import type { Build } from "bun"
import { templateFile } from "../src/shadow/template-file.ts"
import { plugins } from "./build/plugins.ts"
import { TARGETS } from "./build/targets.ts"

const root = resolve(import.meta.dir, "..")
const dist = join(root, "dist")

/** @param target  a platform of Bun's; this machine's own without it */
async function compile(file: string, target?: Build.CompileTarget): Promise<string> {
  const outfile = join(dist, file)
  await Bun.build({
    entrypoints: [join(root, "src/main.ts")],
    plugins: plugins(root, relative(root, await templateFile())),
    target: "bun", format: "esm", splitting: true, minify: true, bytecode: true,
    compile: { outfile, ...(target ? { target } : {}), autoloadDotenv: false, autoloadBunfig: false, autoloadTsconfig: true },
  })
  console.log(`${relative(root, outfile)}  ${(Bun.file(outfile).size / 1e6).toFixed(0)} MB`)
  return outfile
}

async function sum(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256")
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk)
  return `${hash.digest("hex")}  ${relative(dist, path)}\n`
}

async function compileAll(): Promise<void> {
  const lines: string[] = []
  for (const { bun, file } of TARGETS) lines.push(await sum(await compile(file, bun)))
  await Bun.write(join(dist, "SHA256SUMS"), lines.join(""))
}

await mkdir(dist, { recursive: true })
if (process.argv.includes("--all")) {
  await rm(join(dist, "SHA256SUMS"), { force: true })
  await compileAll()
} else {
  await compile(process.platform === "win32" ? "nself.exe" : "nself")
}
