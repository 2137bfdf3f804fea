/** Imports go down only, and rooms on one floor never import each other (DESIGN.md, section 2). Exit 1 names every import that does not. */
import { Glob } from "bun"
import { dirname, join, relative, resolve } from "node:path"

const FLOOR: Readonly<Record<string, number>> = {
  core: 0, kinds: 1, pg: 2, shadow: 2, files: 2, drizzle: 2, flows: 3, cli: 4, "main.ts": 5,
}
/** Only these rooms may know a package; a package that is not named here may be used by nobody in `src`. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "libpg-query": ["core"],
  "@electric-sql/pglite": ["shadow"],
  "@electric-sql/pglite-pgvector": ["shadow"],
  "drizzle-kit": ["drizzle"],
  "drizzle-orm": ["drizzle"],
  pg: ["pg", "drizzle"],
  "pg-copy-streams": ["pg"],
  "@faker-js/faker": ["core"],
  randexp: ["core"],
  postgres: ["pg", "drizzle"],
  cac: ["cli"],
  picocolors: ["cli"],
}

const root = resolve(import.meta.dir, "..")
const src = join(root, "src")
const room = (path: string): string => relative(src, path).split("/")[0]!

/** Every module named by an import, static or not, in one file. */
function importsOf(text: string): string[] {
  return new Bun.Transpiler({ loader: "ts" }).scanImports(text).map(found => found.path)
}

function complaint(file: string, target: string): string | null {
  const from = room(file)
  if (!target.startsWith(".")) {
    if (target.startsWith("node:") || target === "bun" || target.startsWith("bun:")) return null
    const name = target.split("/").slice(0, target.startsWith("@") ? 2 : 1).join("/")
    const allowed = PACKAGES[name] ?? []
    return allowed.includes(from) ? null : `package ${name} is not for ${from}/`
  }
  const to = resolve(dirname(file), target)
  if (!to.startsWith(src)) return null
  const here = FLOOR[from]
  const there = FLOOR[room(to)]
  if (here === undefined || there === undefined) return `no floor known for ${here === undefined ? from : room(to)}`
  if (there > here) return `imports upwards: ${relative(src, to)}`
  if (there === here && from !== room(to)) return `imports the room beside it: ${relative(src, to)}`
  return null
}

const complaints: string[] = []
for (const path of [...new Glob("**/*.ts").scanSync(src)].toSorted()) {
  const file = join(src, path)
  for (const target of importsOf(await Bun.file(file).text())) {
    const said = complaint(file, target)
    if (said) complaints.push(`src/${path}: ${said}`)
  }
}
console.log(complaints.length === 0 ? "floors hold" : complaints.join("\n"))
process.exit(complaints.length === 0 ? 0 : 1)
