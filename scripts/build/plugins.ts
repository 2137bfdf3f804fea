import type { BunPlugin } from "bun"
import { builtinModules } from "node:module"

/** Absolute paths of the two data directories that are compiled in. */
export interface Templates { readonly cluster: string; readonly shadow: string }

/** Packages that try drivers which nself does not bring; left outside of the bundle they would be looked for as soon as the binary starts. */
const TRIES_DRIVERS = /node_modules[\\/](drizzle-kit|drizzle-orm|pg)[\\/]/

/** A package that is not installed and that one of `TRIES_DRIVERS` imports becomes a module that throws when it is run. */
export const absentDrivers: BunPlugin = {
  name: "absent-drivers",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      if (!TRIES_DRIVERS.test(importer) || isBuiltin(path) || isInstalled(path, importer)) return undefined
      return { path, namespace: "absent" }
    })
    // CommonJS, because an ES module would have to know the names that are imported from it
    build.onLoad({ filter: /.*/, namespace: "absent" }, ({ path }) => ({
      contents: `module.exports = {}; throw Object.assign(new Error(${JSON.stringify(`Cannot find package '${path}'`)}), { code: "MODULE_NOT_FOUND" })`,
      loader: "js",
    }))
  },
}

function isBuiltin(path: string): boolean {
  return path.startsWith("node:") || path.startsWith("bun:") || path === "bun" || builtinModules.includes(path)
}

function isInstalled(path: string, importer: string): boolean {
  try {
    Bun.resolveSync(path, importer)
    return true
  } catch {
    return false
  }
}

/** As shipped, the SQL parser looks for its WebAssembly beside itself on disk; here it is told where it lies inside the executable. */
export const parserWasm: BunPlugin = {
  name: "parser-wasm",
  setup(build) {
    build.onLoad({ filter: /libpg-query[\\/]wasm[\\/]index\.js$/ }, async ({ path }) => {
      const source = await Bun.file(path).text()
      if (source.split("PgQueryModule()").length !== 2) throw new Error(`${path} does not start its module as expected; look at scripts/build/plugins.ts`)
      const contents = source.replace("PgQueryModule()", "PgQueryModule({ locateFile: () => wasmFile })")
      return { contents: `import wasmFile from "./libpg-query.wasm" with { type: "file" }\n${contents}`, loader: "js" }
    })
  },
}

/** Puts the templates that were made for this build in the place of the module that makes them at run time. */
export function embeddedTemplates({ cluster, shadow }: Templates): BunPlugin {
  return {
    name: "embedded-templates",
    setup(build) {
      build.onLoad({ filter: /src[\\/]shadow[\\/]template-file\.ts$/ }, () => ({
        contents: `import cluster from ${JSON.stringify(cluster)} with { type: "file" }\nimport shadow from ${JSON.stringify(shadow)} with { type: "file" }\nexport const templateFile = async kind => (kind === "shadow" ? { path: shadow, packed: "loose" } : { path: cluster, packed: { asPartOf: "shadow" } })`,
        loader: "ts",
      }))
    },
  }
}

/** Every plugin that the executable needs, in order. */
export function plugins(templates: Templates): BunPlugin[] {
  return [absentDrivers, parserWasm, embeddedTemplates(templates)]
}
