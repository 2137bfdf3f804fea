import { Fault } from "../core/fault.ts"

/** `nself.tenants` of the config: where tenants come from, and how they are met. */
export interface TenantsConfig {
  /** `default`: nself's own tables, else schemas named `tenant_*`. */
  readonly source:
    | { readonly kind: "default" }
    | { readonly kind: "query"; readonly sql: string }
    | { readonly kind: "schemas"; readonly pattern: string }
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "command"; readonly argv: readonly string[] }
  /** Tenants with one of these statuses are left out of `--all-tenants`. */
  readonly skip: readonly string[]
  /** The schema that holds extensions, behind the tenant's own; `null`: `extensions` where there is one. */
  readonly extensionSchema: string | null
}

/** A deleted tenant's schema may be gone any moment; a suspended one may come back, so it is migrated with the others. */
const SKIP = ["deleted"]
const SOURCES = ["query", "schemas", "file", "command"] as const
const EXAMPLE = 'tenants: { schemas: "tenant_*" }, or one of query, file, command instead of schemas'

/** Reads the value of `nself.tenants`. Throws a `usage` fault that names the file and the key. `file`: the config's name. */
export function readTenantsConfig(file: string, value: unknown): TenantsConfig {
  if (value === undefined || value === null) return { source: { kind: "default" }, skip: SKIP, extensionSchema: null }
  const bad = (key: string, must: string): Fault => new Fault("usage", `${file}: \`nself.tenants${key}\` must be ${must}`, EXAMPLE)
  if (typeof value !== "object" || Array.isArray(value)) throw bad("", "an object")
  const given = value as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find(key => ![...SOURCES, "skip", "extensionSchema"].includes(key))
  if (unknown !== undefined) throw new Fault("usage", `${file}: nself.tenants does not know \`${unknown}\``, EXAMPLE)
  const said = SOURCES.filter(key => given[key] !== undefined)
  if (said.length > 1) throw bad("", `one source, not ${said.join(" and ")}`)
  const { skip, extensionSchema } = given
  if (skip !== undefined && !isTexts(skip)) throw bad(".skip", "a list of statuses")
  if (extensionSchema !== undefined && (typeof extensionSchema !== "string" || extensionSchema === "" || extensionSchema === "public")) {
    throw bad(".extensionSchema", "the name of a schema, and not public: a table that a tenant lacks would be found there")
  }
  return { source: sourceOf(given, said[0], bad), skip: skip === undefined ? SKIP : (skip as readonly string[]), extensionSchema: (extensionSchema as string | undefined) ?? null }
}

function sourceOf(given: Readonly<Record<string, unknown>>, key: (typeof SOURCES)[number] | undefined, bad: (key: string, must: string) => Fault): TenantsConfig["source"] {
  if (key === undefined) return { kind: "default" }
  const value = given[key]
  if (key === "command") {
    if (isTexts(value) && value.length > 0) return { kind: "command", argv: value }
    throw bad(".command", 'a list: ["node", "tenants.mjs"]')
  }
  if (typeof value !== "string" || value.trim() === "") throw bad(`.${key}`, "a text")
  if (key === "query") return { kind: "query", sql: value }
  return key === "schemas" ? { kind: "schemas", pattern: value } : { kind: "file", path: value }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(one => typeof one === "string" && one !== "")
}
