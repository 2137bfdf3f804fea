import { mkdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Build } from "bun"
import { packAsPartOf } from "../../src/shadow/dictionary.ts"
import { templateFile } from "../../src/shadow/template-file.ts"
import type { Template } from "../../src/shadow/template.ts"
import { leanFiles } from "./lean-files.ts"
import { looseArchives } from "./loose-archives.ts"
import { plainPackages } from "./plain.ts"
import { plugins, type Templates } from "./plugins.ts"

export interface Compile {
  /** The repository. */
  readonly root: string
  readonly outfile: string
  /** A platform of Bun's; this machine's own without it. */
  readonly target?: Build.CompileTarget
  /** Where `nself upgrade` looks for releases; nowhere without it. */
  readonly releasedUrl?: string
}

/** How many times longer than usual a function is interpreted before it is compiled: most commands are over before that pays. */
const PATIENCE = 10

/** Compiles one executable. Returns the names of the packages that are in it. */
export async function compile({ root, outfile, target, releasedUrl = "" }: Compile): Promise<readonly string[]> {
  await mkdir(dirname(outfile), { recursive: true })
  const [plain, templates] = [await plainPackages(root), await packedTemplates(root)]
  const { metafile } = await Bun.build({
    entrypoints: [join(root, "src/main.ts")],
    plugins: [plain.plugin, looseArchives(root), leanFiles(root), ...plugins(templates)],
    target: "bun", format: "esm", splitting: true, minify: true, bytecode: true, metafile: true,
    define: { NSELF_RELEASED_URL: JSON.stringify(releasedUrl) },
    compile: { outfile, ...(target ? { target } : {}), autoloadDotenv: false, autoloadBunfig: false, autoloadTsconfig: true, jitPolicy: PATIENCE },
  })
  return packagesIn([...Object.keys(metafile!.inputs), ...plain.inputs])
}

/**
 * Once more and harder: a third of the size, which a release pays once and every download saves. Most of a cluster is in a shadow too, and it is unpacked
 * with the very bytes that it was packed with: both are named after them, as a shadow made again has others.
 */
async function packedTemplates(root: string): Promise<Templates> {
  const unpacked = async (kind: Template) => Bun.zstdDecompress(await Bun.file((await templateFile(kind)).path).bytes())
  const image = await unpacked("shadow")
  const kept = async (name: string, pack: () => Promise<Uint8Array>): Promise<string> => {
    const path = join(root, ".cache", `packed-${Bun.hash(image).toString(36)}-${name}`)
    if (!(await Bun.file(path).exists())) await Bun.write(path, await pack())
    return path
  }
  return {
    shadow: await kept("shadow.image", async () => image),
    cluster: await kept("cluster.tar.zst", async () => packAsPartOf(await unpacked("cluster"), image)),
  }
}

/** `node_modules/@scope/name/x.js` → `@scope/name`, sorted, each once. */
function packagesIn(inputs: readonly string[]): readonly string[] {
  const names = inputs.flatMap(path => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1]?.replace("\\", "/") ?? [])
  return [...new Set(names)].toSorted()
}
