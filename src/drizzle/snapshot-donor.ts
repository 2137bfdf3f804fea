import { isDeepStrictEqual } from "node:util"
import type { Json } from "./snapshot-of.ts"

/** A snapshot that drizzle-kit once wrote, and what `snapshotOf` writes of the same state. */
export interface Donor {
  readonly original: Json
  readonly written: Json
}

/** Objects whose keys name objects of the database: what the catalog does not hold is not in them, whatever a snapshot says. */
const COLLECTIONS = ["tables", "columns", "indexes", "foreignKeys", "compositePrimaryKeys", "uniqueConstraints", "checkConstraints", "enums", "sequences", "schemas"]

/**
 * A snapshot from a catalog in the words of earlier snapshots. Every part that the catalog shows unchanged since a donor's state is taken
 * from that donor as drizzle-kit wrote it (`"users"."n" > 3` instead of PostgreSQL's `n > 3`); the first donor that fits counts.
 */
export function likeDonors(written: Json, donors: readonly Donor[]): Json {
  return part(written, donors, "") as Json
}

interface Pair {
  readonly original: unknown
  readonly written: unknown
}

function part(written: unknown, donors: readonly Pair[], name: string): unknown {
  const same = donors.find(donor => donor.original !== undefined && isDeepStrictEqual(donor.written, written))
  if (same && !holdsObjects(same.original, name)) return same.original
  if (!isObject(written)) return written
  const inside = donors.filter(donor => isObject(donor.original)) as readonly { readonly original: Json; readonly written: unknown }[]
  const pairs = (key: string): Pair[] => inside.map(({ original, written: of }) => ({ original: original[key], written: isObject(of) ? of[key] : undefined }))
  return Object.fromEntries([...Object.entries(written).map(([key, value]) => [key, part(value, pairs(key), key)] as const), ...unseen(written, inside, name)])
}

/** A donor may be stale: what it says of objects is looked through one by one, never taken as a whole. */
function holdsObjects(value: unknown, name: string): boolean {
  return isObject(value) && (COLLECTIONS.includes(name) || Object.keys(value).some(key => COLLECTIONS.includes(key)))
}

/** What a donor says beside the catalog: a view that exists elsewhere, a role. */
function unseen(written: Json, donors: readonly { readonly original: Json; readonly written: unknown }[], name: string): (readonly [string, unknown])[] {
  if (COLLECTIONS.includes(name) || donors.length === 0) return []
  const { original, written: of } = donors[0]!
  return Object.entries(original).filter(([key, value]) => {
    const known = key in written || key === "id" || key === "prevId" || (isObject(of) && key in of)
    return !known && (name !== "views" || (isObject(value) && value["isExisting"] === true))
  })
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
