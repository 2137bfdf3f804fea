import { Glob, Transpiler } from "bun"
import { readFileSync, statSync } from "node:fs"
import { dirname, extname, join, relative, resolve, sep } from "node:path"
import { Fault } from "../core/fault.ts"

const CODE = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"]

/** What can be known of the user's files without running one. */
export interface Sources {
  /** Absolute paths of the files that the patterns name, sorted, each once. */
  readonly schema: readonly string[]
  /** `schema` and every file of the project they import, however far; in the order they were met. */
  readonly all: readonly string[]
  /** Packages that any of them imports: `drizzle-orm/pg-core`, `pg`. */
  readonly packages: readonly string[]
}

/** The schema files of a project. `patterns`: files, folders or globs, relative to `root`. A pattern that names nothing is a `usage` fault. */
export function schemaFiles(root: string, patterns: readonly string[]): string[] {
  const found = patterns.flatMap(pattern => {
    const files = expand(root, pattern)
    if (files.length > 0) return files
    throw new Fault("usage", `no schema file matches \`${pattern}\` (looked in ${root})`, 'correct `schema` in drizzle.config.ts, for example "./src/db/schema/*.ts"')
  })
  return [...new Set(found)].toSorted()
}

function expand(root: string, pattern: string): string[] {
  const path = resolve(root, pattern)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isFile()) return [path]
  if (stat?.isDirectory()) return scan(path, "**/*")
  return scan(root, relative(root, path).split(sep).join("/"))
}

function scan(cwd: string, pattern: string): string[] {
  // Bun's glob does not climb: a pattern that starts with ../ is looked for from the folder it climbs to
  const climbed = /^((?:\.\.\/)+)(.*)$/.exec(pattern)
  if (climbed) return scan(resolve(cwd, climbed[1]!), climbed[2]!)
  const found = [...new Glob(pattern).scanSync({ cwd, absolute: true, onlyFiles: true })]
  return found.filter(path => CODE.includes(extname(path)) && !/\.d\.[mc]?ts$/.test(path) && !isTest(path) && !path.includes(`${sep}node_modules${sep}`))
}

/** A pattern catches the tests beside a schema; nobody means them, and they import what only a test runner has. */
const isTest = (path: string): boolean => /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path)

/** Follows the imports of `entries` through the project. What cannot be parsed or found is left for the import itself to say. */
export function follow(entries: readonly string[]): Sources {
  const all = new Set<string>(entries)
  const packages = new Set<string>()
  for (const file of all) {
    for (const specifier of importsOf(file)) {
      const target = resolveOrNull(specifier, dirname(file))
      if (target === null || target.includes(`${sep}node_modules${sep}`) || !CODE.includes(extname(target))) packages.add(specifier)
      else if (isBare(specifier) && target.includes(`${sep}install${sep}cache${sep}`)) packages.add(specifier)
      else all.add(target)
    }
  }
  return { schema: entries, all: [...all], packages: [...packages] }
}

function importsOf(file: string): string[] {
  try {
    const loader = extname(file).endsWith("x") ? "tsx" : "ts"
    return new Transpiler({ loader }).scanImports(readFileSync(file, "utf8")).map(found => found.path)
  } catch {
    return []
  }
}

function isBare(specifier: string): boolean {
  return !specifier.startsWith(".") && !specifier.startsWith("/")
}

function resolveOrNull(specifier: string, from: string): string | null {
  if (specifier.startsWith("node:") || specifier.startsWith("bun:") || specifier === "bun") return null
  try {
    return Bun.resolveSync(specifier, from)
  } catch {
    return null
  }
}

/** A path for people: relative to the root where it lies inside, `/` between. */
export function shown(root: string, path: string): string {
  const inside = relative(root, path)
  return inside.startsWith("..") ? path : inside.split(sep).join("/")
}

/** The folder of a package that the project itself has, or `null`: looked for in every `node_modules` from `from` upwards, as Node does. */
export function ownPackage(from: string, name: string): string | null {
  for (let dir = from; ; dir = dirname(dir)) {
    const path = join(dir, "node_modules", name)
    if (statSync(join(path, "package.json"), { throwIfNoEntry: false })) return path
    if (dir === dirname(dir)) return null
  }
}
