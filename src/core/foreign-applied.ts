import type { Foreign } from "./foreign.ts"

export interface AppliedForeign {
  readonly applied: ReadonlySet<Foreign>
  /** Applied in a text that no file has any more. */
  readonly altered: readonly Foreign[]
  /** Rows that no file answers to, as the tool calls them. */
  readonly unknown: readonly string[]
}

interface Row {
  readonly id: string | null
  readonly hash: string | null
  readonly when: number | null
}

/**
 * Which files another tool has applied: by name, then by hash. A time is looked at only as a name, where exactly one file has it and its text was
 * altered since: it never says that what is older was applied.
 */
export function appliedForeign(files: readonly Foreign[], rows: readonly Row[]): AppliedForeign {
  const applied = new Set<Foreign>()
  const altered: Foreign[] = []
  const unknown: string[] = []
  for (const row of rows) {
    const open = files.filter(file => !applied.has(file))
    const found = open.find(file => row.id !== null && isCalled(file, row.id)) ?? open.find(file => row.hash !== null && file.hashes.includes(row.hash))
    const dated = found || row.when === null || row.when === 0 ? [] : open.filter(file => file.when === row.when)
    const file = found ?? (dated.length === 1 ? dated[0] : undefined)
    if (!file) {
      // the same text noted twice is one migration
      if (!files.some(one => row.hash !== null && one.hashes.includes(row.hash))) unknown.push(row.id ?? row.hash ?? String(row.when))
      continue
    }
    applied.add(file)
    if (row.hash !== null && !file.hashes.includes(row.hash)) altered.push(file)
  }
  return { applied, altered, unknown }
}

/** Hasura and dbmate note the number alone. */
const isCalled = (file: Foreign, id: string): boolean => file.id === id || /^\d+/.exec(file.id)?.[0] === id
