import { existsSync, statSync } from "node:fs"
import { join, posix, relative } from "node:path"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { configText, ENV_EXAMPLE, EXAMPLE_BARREL, EXAMPLE_TABLE, IGNORED } from "../../core/init-files.ts"
import { readConfig, type Config } from "../../files/config.ts"
import { ignore } from "../../files/env-secrecy.ts"
import { CONFIG_FILES, findRoot } from "../../files/project.ts"
import { writeGroup, type NewFile } from "../../files/write.ts"
import { installHooks } from "./hooks.ts"
import { schemaFromDatabase, type FromDatabase } from "./init-from-db.ts"

export interface InitRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly fromDb: boolean
}

export interface Init {
  /** Relative to the project, in the order they were written. */
  readonly created: readonly string[]
  /** Were there already and are as they were. */
  readonly kept: readonly string[]
  /** Lines that were added to `.gitignore`. */
  readonly ignored: readonly string[]
  /** git's pre-commit hook; `null` outside of a repository. `kept`: another one stands there, and `hint` says what to add to it. */
  readonly hook: { readonly path: string; readonly state: "written" | "same" | "kept"; readonly hint: string | null } | null
  /** With `--from-db`: what the schema was written from. */
  readonly database: FromDatabase["summary"] | null
  /** The next command to type. */
  readonly next: string
}

const SCHEMA = "src/db/schema"

/** Writes what a project needs and does not have. Nothing that is there is changed, but for lines at the end of `.gitignore`. */
export async function init(ctx: Context, request: InitRequest): Promise<Init> {
  const root = findRoot(ctx.cwd)
  const config = await readConfig(root, { execute: false })
  const out = posix.normalize(config.out)
  const found = request.fromDb ? await schemaFromDatabase(ctx, request, { root, folder: schemaFolder(root, config) }) : null
  const schema = found ? found.files : hasSchema(root, config) ? [] : exampleSchema()
  const wanted = [...(hasConfig(root) ? [] : [file("drizzle.config.ts", configText(`./${SCHEMA}/*.ts`, `./${out}`))]), ...schema, file(".env.example", ENV_EXAMPLE), file("seeds/.gitkeep", "")]
  const fresh = wanted.filter(({ path }) => !existsSync(join(root, path)))
  await writeGroup(root, fresh)
  const ignored = await ignoreMissing(root)
  return {
    created: fresh.map(({ path }) => path), kept: [...keptConfig(root, fresh), ...wanted.filter(one => !fresh.includes(one)).map(({ path }) => path)], ignored,
    hook: await hookIn(ctx, root), database: found?.summary ?? null, next: found ? found.next : "nself db migrate generate --name initial",
  }
}

async function hookIn(ctx: Context, root: string): Promise<Init["hook"]> {
  try {
    const { path, state } = await installHooks(ctx)
    return { path: relative(root, path), state, hint: null }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return error.exit === "usage" ? null : { path: ".git/hooks/pre-commit", state: "kept", hint: error.hint ?? null }
  }
}

const file = (path: string, text: string): NewFile => ({ path, text, replace: false })
const hasConfig = (root: string): boolean => CONFIG_FILES.some(name => existsSync(join(root, name)))

function keptConfig(root: string, fresh: readonly NewFile[]): readonly string[] {
  return CONFIG_FILES.filter(name => existsSync(join(root, name)) && !fresh.some(({ path }) => path === name))
}

function hasSchema(root: string, { schema }: Config): boolean {
  return schema.length > 0 || existsSync(join(root, SCHEMA)) || existsSync(join(root, "src/db/schema.ts"))
}

/** The folder that the config's first pattern names, or the usual one. */
function schemaFolder(root: string, { schema }: Config): string {
  const first = schema[0]
  if (first === undefined) return SCHEMA
  const plain = posix.normalize(first.replaceAll("\\", "/"))
  if (statSync(join(root, plain), { throwIfNoEntry: false })?.isDirectory()) return plain
  const fixed = plain.split("/").slice(0, -1)
  const star = fixed.findIndex(part => /[*?{[]/.test(part))
  return (star < 0 ? fixed : fixed.slice(0, star)).join("/") || "."
}

function exampleSchema(): NewFile[] {
  return [file(`${SCHEMA}/users.ts`, EXAMPLE_TABLE), file(`${SCHEMA}/index.ts`, EXAMPLE_BARREL)]
}

async function ignoreMissing(root: string): Promise<readonly string[]> {
  const text = await Bun.file(join(root, ".gitignore")).text().catch(() => "")
  const lines = new Set(text.split(/\r?\n/).map(line => line.trim().replace(/^\//, "")))
  const missing = IGNORED.filter(line => !lines.has(line) && !lines.has(line.replace(/\/$/, "")) && !(line.startsWith(".env.") && (lines.has(".env*") || lines.has(".env.*"))))
  if (missing.length > 0) await ignore(root, missing)
  return missing
}
