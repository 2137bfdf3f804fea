import { mkdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Build } from "bun"
import { packAsPartOf } from "../../src/shadow/dictionary.ts"
import { templateFile } from "../../src/shadow/template-file.ts"
import type { Template } from "../../src/shadow/template.ts"
import { leanFiles } from "./lean-files.ts"
import { looseArchives } from "./loose-archives.ts"
import { plainPackages } from "./plain.ts"
import { plugins } from "./plugins.ts"

export interface Compile {
  /** The repository. */
  readonly root: string
  readonly outfile: string
  /** A platform of Bun's; this machine's own without it. */
  readonly target?: Build.CompileTarget
  /** Where `nself upgrade` looks for releases; nowhere without it. */
  readonly releasedUrl?: string
}

/** Compiles one executable. Returns the names of the packages that are in it. */
export async function compile({ root, outfile, target, releasedUrl = "" }: Compile): Promise<readonly string[]> {
  await mkdir(dirname(outfile), { recursive: true })
  const plain = await plainPackages(root)
  const { metafile } = await Bun.build({
    entrypoints: [join(root, "src/main.ts")],
    plugins: [plain.plugin, looseArchives(root), leanFiles(root), ...plugins({ cluster: await packedTemplate(root, "cluster"), shadow: await packedTemplate(root, "shadow") })],
    target: "bun", format: "esm", splitting: true, minify: true, bytecode: true, metafile: true,
    define: { NSELF_RELEASED_URL: JSON.stringify(releasedUrl) },
    compile: { outfile, ...(target ? { target } : {}), autoloadDotenv: false, autoloadBunfig: false, autoloadTsconfig: true },
  })
  return packagesIn([...Object.keys(metafile!.inputs), ...plain.inputs])
}

/** Once more and harder: a third of the size, which a release pays once and every download saves. Most of a cluster is in a shadow too. */
async function packedTemplate(root: string, kind: Template): Promise<string> {
  const { path } = await templateFile(kind)
  const packed = join(root, ".cache", `packed-${path.split(/[\\/]/).at(-1)}`)
  if (await Bun.file(packed).exists()) return packed
  const unpacked = async (of: Template) => Bun.zstdDecompress(await Bun.file((await templateFile(of)).path).bytes())
  await Bun.write(packed, kind === "shadow" ? await Bun.zstdCompress(await unpacked(kind), { level: 22 }) : await packAsPartOf(await unpacked(kind), await unpacked("shadow")))
  return packed
}

/** `node_modules/@scope/name/x.js` → `@scope/name`, sorted, each once. */
function packagesIn(inputs: readonly string[]): readonly string[] {
  const names = inputs.flatMap(path => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1]?.replace("\\", "/") ?? [])
  return [...new Set(names)].toSorted()
}
