import { readFileSync } from "node:fs"
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
