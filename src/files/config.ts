import { existsSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import { Fault } from "../core/fault.ts"
import { readConfigText } from "./config-text.ts"
import { COMPUTED, type Read } from "./literal.ts"
import { CONFIG_FILES } from "./project.ts"
import { readTenantsConfig, type TenantsConfig } from "./tenants-config.ts"

/** `drizzle.config.*` as nself understands it, with every default filled in. */
export interface Config {
  /** Absolute path of the folder that the config's paths start from. */
  readonly root: string
  /** Absolute path of the config file; `null` where there is none. */
  readonly path: string | null
  /** Files, folders or globs, relative to `root`. Empty only where nothing was executed and nobody may need it. */
  readonly schema: readonly string[]
  readonly out: string
  readonly sql: string
  /** As written, both `connectionString` and `url`; `null` where there are none or they are computed and nothing was executed. */
  readonly credentials: Readonly<Record<string, unknown>> | null
  readonly schemaFilter: readonly string[] | null
  readonly tablesFilter: readonly string[] | null
  /** Schemas, tables and `kind:name` that other tools own; a list in the config takes the place of nself's own. */
  readonly ignore: readonly string[]
  readonly casing: "snake_case" | "camelCase" | undefined
  readonly updatedAtTriggers: boolean
  /** An SQL file, relative to the root, with what a hosting platform brings along (`auth.uid()`): every shadow begins with it. */
  readonly shadowSetup: string | null
  readonly tenants: TenantsConfig
}

/**
 * How a config that is no plain data is met: `false` never runs it and leaves out what is computed; a function runs it (in the child) and gives its
 * object.
 */
export interface ReadConfigOptions {
  readonly execute: false | ((configPath: string) => Promise<unknown>)
}

const EXAMPLE = `export default {\n  dialect: "postgresql",\n  schema: "./src/db/schema/*.ts",\n  out: "./migrations",\n}`

/** The config of the project at `root`. Faults (`usage`) name the file and what it must say; none where there is no file and `execute` is false. */
export async function readConfig(root: string, { execute }: ReadConfigOptions): Promise<Config> {
  const path = CONFIG_FILES.map(name => join(root, name)).find(file => existsSync(file)) ?? null
  if (path === null) return fromObject(root, null, {}, execute !== false)
  const read = readConfigText(await Bun.file(path).text())
  if (isPlain(read)) return fromObject(root, path, read, execute !== false)
  if (execute !== false) return fromObject(root, path, await execute(path), true)
  return fromObject(root, path, withoutComputed(root, read, relative(root, path)), false)
}

function isPlain(value: Read): boolean {
  if (value === COMPUTED) return false
  if (Array.isArray(value)) return value.every(isPlain)
  return value === null || typeof value !== "object" || Object.values(value).every(isPlain)
}

/** What can be known without running. The wrong folder of migrations is worse than an error, so an `out` that is not known is refused, unless the default is there. */
function withoutComputed(root: string, value: Read, file: string): object {
  const properties = isObject(value) ? value : {}
  const hidden = value === COMPUTED || Object.hasOwn(properties, "…")
  const journal = join(root, "migrations", "meta", "_journal.json")
  if (properties["out"] === COMPUTED || (hidden && properties["out"] === undefined && !existsSync(journal))) {
    throw new Fault("usage", `${file}: \`out\` is computed, and this command never runs a config file`, 'write it as text: out: "./migrations"')
  }
  return Object.fromEntries(Object.entries(properties).filter(([, part]) => isPlain(part as Read)))
}

function fromObject(root: string, path: string | null, value: unknown, needsSchema: boolean): Config {
  const file = path === null ? "drizzle.config.ts" : relative(root, path)
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Fault("usage", `${file} is no object`, `write:\n${EXAMPLE}`)
  const object = value as Readonly<Record<string, unknown>>
  refuseOtherDatabases(file, object)
  const own = (isObject(object["nself"]) ? object["nself"] : {}) as Readonly<Record<string, unknown>>
  const schema = texts(file, "schema", object["schema"])
  return {
    root, path,
    schema: schema ?? defaultSchema(root, path, needsSchema),
    out: text(file, "out", object["out"]) ?? "./migrations",
    sql: text(file, "nself.sql", own["sql"]) ?? "src/db/sql/*.sql",
    credentials: isObject(object["dbCredentials"]) ? object["dbCredentials"] : null,
    schemaFilter: texts(file, "schemaFilter", object["schemaFilter"]),
    tablesFilter: texts(file, "tablesFilter", object["tablesFilter"]),
    ignore: [...ignoreList(file, own["ignore"]), ...ownedBy(texts(file, "extensionsFilters", object["extensionsFilters"]) ?? [])],
    casing: casing(file, object["casing"]),
    updatedAtTriggers: flag(file, "nself.updatedAtTriggers", own["updatedAtTriggers"]) ?? true,
    shadowSetup: text(file, "nself.shadow.setup", isObject(own["shadow"]) ? own["shadow"]["setup"] : null),
    tenants: readTenantsConfig(file, own["tenants"]),
  }
}

/** drizzle-kit's list of what its `extensionsFilters: ["postgis"]` leaves out; what an extension owns is left alone anyway, this is for copies of it. */
const ownedBy = (extensions: readonly string[]): readonly string[] => (extensions.includes("postgis") ? ["geography_columns", "geometry_columns", "spatial_ref_sys"] : [])

function refuseOtherDatabases(file: string, { driver, dialect }: Readonly<Record<string, unknown>>): void {
  if (dialect !== undefined && dialect !== "postgresql") {
    throw new Fault("usage", `${file}: dialect ${JSON.stringify(dialect)} is not PostgreSQL`, 'nself knows dialect: "postgresql" only')
  }
  // with `dialect` said, `driver` only picks a client library (pglite, aws-data-api) that nself does not use
  if (dialect === undefined && driver !== undefined && driver !== "pg") {
    throw new Fault("usage", `${file}: driver ${JSON.stringify(driver)} is not PostgreSQL`, 'write driver: "pg" or dialect: "postgresql"')
  }
}

function defaultSchema(root: string, path: string | null, needed: boolean): readonly string[] {
  if (statSync(join(root, "src/db/schema"), { throwIfNoEntry: false })?.isDirectory()) return ["./src/db/schema/*.ts"]
  if (existsSync(join(root, "src/db/schema.ts"))) return ["./src/db/schema.ts"]
  if (!needed) return []
  const message = path === null ? `no drizzle.config.ts and no src/db/schema in ${root}` : `${relative(root, path)} does not say where the schema is`
  throw new Fault("usage", message, `nself init, or write drizzle.config.ts:\n${EXAMPLE}`)
}

/** What Hasura and drizzle-kit keep for themselves in the same database. */
const OTHERS: readonly string[] = ["hdb_catalog", "drizzle", "schema_migrations", "pgmigrations"]

function ignoreList(file: string, value: unknown): readonly string[] {
  return Array.isArray(value) && value.length === 0 ? [] : (texts(file, "nself.ignore", value) ?? OTHERS)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
}

function text(file: string, key: string, value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (isText(value)) return value
  throw new Fault("usage", `${file}: \`${key}\` must be a text, it is ${JSON.stringify(value)}`, `${key}: "…"`)
}

function texts(file: string, key: string, value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) {
    const one = text(file, key, value)
    return one === null ? null : [one]
  }
  if (value.length > 0 && value.every(isText)) return value
  throw new Fault("usage", `${file}: \`${key}\` must be a text or a list of texts, it is ${JSON.stringify(value)}`, `${key}: ["…"]`)
}

/** A NUL ends a path for the operating system. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0")
}

function flag(file: string, key: string, value: unknown): boolean | null {
  if (value === undefined || typeof value === "boolean") return value ?? null
  throw new Fault("usage", `${file}: \`${key}\` must be true or false, it is ${JSON.stringify(value)}`, `${key}: true`)
}

function casing(file: string, value: unknown): Config["casing"] {
  if (value === undefined || value === "snake_case" || value === "camelCase") return value
  throw new Fault("usage", `${file}: \`casing\` is ${JSON.stringify(value)}`, 'casing: "snake_case" or "camelCase"')
}
