import { readFileSync } from "node:fs"
import { Fault } from "../core/fault.ts"
import { type Entities, entityKind } from "./declare.ts"
import { shown, type Sources } from "./sources.ts"
import type { Writer } from "./writer.ts"

/** Where an export was found: file as shown to people, and the characters before its definition there (`Infinity` where it was not seen). */
export interface Place {
  readonly file: string
  readonly exportName: string
  readonly offset: number
  readonly fileRank: number
}

/** An export that is part of the database, known by identity: a barrel that exports it again adds nothing. */
export interface Found {
  readonly kind: keyof Entities
  readonly value: object
  readonly place: Place
}

/** Every part of the database that the loaded modules export, in the order of their sources. */
export function collect(w: Writer, modules: ReadonlyMap<string, Record<string, unknown>>, sources: Sources, root: string): Found[] {
  const texts = sources.all.map(path => ({ path, text: textOf(path) }))
  const found = new Map<object, Found>()
  for (const [path, module] of modules) {
    for (const [exportName, value] of exportsOf(module)) {
      const kind = entityKind(w, value)
      if (kind === null || found.has(value as object)) continue
      found.set(value as object, { kind, value: value as object, place: placeOf(exportName, path, texts, root) })
    }
  }
  return [...found.values()].toSorted((a, b) => a.place.fileRank - b.place.fileRank || a.place.offset - b.place.offset)
}

/** A CommonJS file's exports arrive under `default` as well. */
function exportsOf(module: Record<string, unknown>): [string, unknown][] {
  const inner = module["default"]
  const nested = inner !== null && typeof inner === "object" && Object.getPrototypeOf(inner) === Object.prototype ? Object.entries(inner) : []
  return [...Object.entries(module), ...nested]
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

/** The file that defines an export, not the barrel that hands it on. */
function placeOf(exportName: string, importedFrom: string, texts: readonly { path: string; text: string }[], root: string): Place {
  const definition = new RegExp(`(?:const|let|var)\\s+${exportName.replaceAll("$", "\\$")}\\s*[:=]`)
  const order = [...texts.filter(source => source.path === importedFrom), ...texts]
  for (const source of order) {
    const at = source.text.search(definition)
    if (at >= 0) return { file: shown(root, source.path), exportName, offset: at, fileRank: texts.findIndex(other => other.path === source.path) }
  }
  return { file: shown(root, importedFrom), exportName, offset: Number.MAX_SAFE_INTEGER, fileRank: texts.findIndex(other => other.path === importedFrom) }
}

/** The found parts as `declare` takes them. */
export function entitiesOf(found: readonly Found[]): Entities {
  const of = <K extends keyof Entities>(kind: K) => found.filter(one => one.kind === kind).map(one => one.value) as unknown as Entities[K]
  return {
    schemas: of("schemas"), enums: of("enums"), sequences: of("sequences"), tables: of("tables"),
    views: of("views"), materializedViews: of("materializedViews"), policies: of("policies"), roles: of("roles"),
  }
}

/** Two definitions of one name: a `usage` fault with both places. Relations and enum types each have one space of names per schema. */
export function refuseDuplicates(w: Writer, found: readonly Found[]): void {
  const seen = new Map<string, Found>()
  for (const one of found) {
    const name = nameOf(w, one)
    if (name === null) continue
    const key = `${one.kind === "enums" ? "type" : one.kind === "roles" ? "role" : "relation"} ${name}`
    const other = seen.get(key)
    if (other) throw new Fault("usage", `${name} is defined twice:\n  ${at(other)}\n  ${at(one)}`, "rename one, or export the same object from both")
    seen.set(key, one)
  }
}

function at({ place }: Found): string {
  return `${place.file} (export ${place.exportName})`
}

function nameOf(w: Writer, { kind, value }: Found): string | null {
  const { pg } = w.orm
  switch (kind) {
    case "tables": return full(pg.getTableConfig(value as never))
    case "views": return full(pg.getViewConfig(value as never))
    case "materializedViews": return full(pg.getMaterializedViewConfig(value as never))
    case "enums": { const type = value as { schema?: string; enumName: string }; return full({ schema: type.schema, name: type.enumName }) }
    case "sequences": { const sequence = value as { schema?: string; seqName: string }; return full({ schema: sequence.schema, name: sequence.seqName }) }
    case "roles": return (value as { name: string }).name
    default: return null
  }
}

function full({ schema, name }: { schema?: string | undefined; name: string }): string {
  return schema ? `${schema}.${name}` : name
}
