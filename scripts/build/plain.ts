import type { BunPlugin } from "bun"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { absentDrivers } from "./plugins.ts"

/**
 * Large packages that few commands load, and late. Bytecode would start them a little faster and make every download two megabytes larger, so they lie in
 * the executable as plain JavaScript. With the names that nself takes from each: the rest is left out.
 */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  "drizzle-kit/api": ["generateDrizzleJson"], "@faker-js/faker/locale/en": ["faker"], "@electric-sql/pglite": ["PGlite", "MemoryFS", "protocol", "types"],
  pg: ["default", "Client", "Pool", "Connection", "Query", "DatabaseError", "TypeOverrides", "Result", "types", "defaults", "escapeIdentifier", "escapeLiteral"], postgres: ["default"], randexp: ["default"],
}

/** What drizzle-kit would connect with; nself only has it write snapshots. */
const noDrivers: BunPlugin = {
  name: "no-drivers",
  setup(build) {
    build.onResolve({ filter: /^(pg|postgres|@electric-sql\/pglite)(\/|$)/ }, ({ path }) => ({ path, namespace: "absent" }))
  },
}

export interface Plain {
  /** Puts a module in the place of each package that loads its bundle when it is needed. */
  readonly plugin: BunPlugin
  /** Files that went into the bundles. */
  readonly inputs: readonly string[]
}

/** Bundles each of them by itself. */
export async function plainPackages(root: string): Promise<Plain> {
  const made = new Map(await Promise.all(Object.entries(PLAIN).map(async ([name, names]) => [name, await bundle(root, name, names)] as const)))
  return { plugin: pluginFor(made), inputs: [...made.values()].flatMap(one => one.inputs) }
}

function pluginFor(made: ReadonlyMap<string, Bundle>): BunPlugin {
  return {
    name: "plain-packages",
    setup(build) {
      build.onResolve({ filter: /^[a-z@]/ }, ({ path }) => (made.has(path) ? { path, namespace: "plain" } : undefined))
      build.onLoad({ filter: /.*/, namespace: "plain" }, ({ path }) => {
        const exports = PLAIN[path]!.map(name => (name === "default" ? "export default all.default" : `export const ${name} = all.${name}`))
        return { contents: `import file from ${JSON.stringify(made.get(path)!.file)} with { type: "file" }\nconst all = await import(file)\n${exports.join("\n")}`, loader: "js" }
      })
    },
  }
}

interface Bundle {
  readonly file: string
  readonly inputs: readonly string[]
}

async function bundle(root: string, name: string, names: readonly string[]): Promise<Bundle> {
  const folder = join(root, ".cache", "plain")
  await mkdir(folder, { recursive: true })
  const stem = join(folder, name.replaceAll(/\W+/g, "-").replace(/^-/, ""))
  await Bun.write(`${stem}.entry.mjs`, `export { ${names.join(", ")} } from ${JSON.stringify(name)}\n`)
  const { outputs, metafile } = await Bun.build({ entrypoints: [`${stem}.entry.mjs`], plugins: [...(name.startsWith("drizzle-kit") ? [noDrivers] : []), absentDrivers], target: "bun", format: "esm", minify: true, metafile: true })
  await Bun.write(`${stem}.mjs`, outputs[0]!)
  return { file: `${stem}.mjs`, inputs: Object.keys(metafile!.inputs) }
}
