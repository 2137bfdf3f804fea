import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type * as OrmModule from "drizzle-orm"
import type * as PgModule from "drizzle-orm/pg-core"
import { Fault } from "../core/fault.ts"
import { type Orm, versionServes } from "./orm.ts"
import { ownPackage } from "./sources.ts"

/** What the binary brings along for a project without node_modules. Written out one by one, because only a literal import is compiled in. */
const BROUGHT: Readonly<Record<string, () => Promise<object>>> = {
  "drizzle-orm": () => import("drizzle-orm"),
  "drizzle-orm/pg-core": () => import("drizzle-orm/pg-core"),
  "drizzle-orm/sql": () => import("drizzle-orm/sql"),
  "drizzle-orm/relations": () => import("drizzle-orm/relations"),
  "drizzle-orm/casing": () => import("drizzle-orm/casing"),
  "drizzle-orm/supabase": () => import("drizzle-orm/supabase"),
  "drizzle-orm/node-postgres": () => import("drizzle-orm/node-postgres"),
  "drizzle-orm/postgres-js": () => import("drizzle-orm/postgres-js"),
  "drizzle-kit": async () => ({ defineConfig: (config: unknown) => config }),
  pg: () => import("pg"),
  postgres: () => import("postgres"),
}

/**
 * Serves what the user's files import and the project does not have, then gives the drizzle-orm they will see.
 *
 * @param root      the project's root
 * @param packages  the specifiers that the files import
 * @throws a `usage` fault where the project's own drizzle-orm is of a version that nself cannot read
 */
export async function serve(root: string, packages: readonly string[]): Promise<Orm> {
  const own = ownPackage(root, "drizzle-orm")
  const version = own === null ? null : versionIn(own)
  if (version !== null && !versionServes(version)) {
    throw new Fault("usage", `this project has drizzle-orm ${version}; nself reads schemas written with 0.36 to 0.45`, "npm install drizzle-orm@0.45")
  }
  const wanted = new Set(["drizzle-orm", "drizzle-orm/pg-core", ...packages])
  const missing = [...wanted].filter(name => name in BROUGHT && ownPackage(root, packageOf(name)) === null)
  // all are loaded before the first is registered: run from source, a registered name would answer its own import
  const loaded = new Map<string, object>()
  for (const name of missing) loaded.set(name, await BROUGHT[name]!())
  register(loaded)
  return own === null ? brought() : readOwn(root, version!)
}

function register(modules: ReadonlyMap<string, object>): void {
  Bun.plugin({
    name: "nself",
    setup(build) {
      for (const [name, exports] of modules) build.module(name, () => ({ exports: exports as Record<string, unknown>, loader: "object" }))
    },
  })
}

async function brought(): Promise<Orm> {
  const { npmVersion } = await import("drizzle-orm/version")
  return { core: await import("drizzle-orm"), pg: await import("drizzle-orm/pg-core"), version: npmVersion }
}

async function readOwn(root: string, version: string): Promise<Orm> {
  const core = Bun.resolveSync("drizzle-orm", root)
  const pg = Bun.resolveSync("drizzle-orm/pg-core", root)
  return { core: (await import(core)) as typeof OrmModule, pg: (await import(pg)) as typeof PgModule, version }
}

function versionIn(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }
  return version
}

function packageOf(specifier: string): string {
  return specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : dirname(specifier) === "." ? specifier : specifier.split("/")[0]!
}
