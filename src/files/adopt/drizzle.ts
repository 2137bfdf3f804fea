import { slugFor, type Foreign, type ForeignProject } from "../../core/foreign.ts"
import { Fault } from "../../core/fault.ts"
import { at, namesIn, readForeign, readJson } from "./read.ts"

interface Entry {
  readonly idx?: unknown
  readonly when?: unknown
  readonly tag?: unknown
}

/**
 * drizzle-kit 0.20 to 0.31: `meta/_journal.json`, `0000_name.sql`, `meta/0000_snapshot.json`. The order is that of the journal's entries, which is
 * the order drizzle-orm applies them in; `idx` and `when` say nothing reliable.
 */
export async function readDrizzle(root: string, folder: string): Promise<ForeignProject | null> {
  const journal = await readJson(root, at(folder, "meta/_journal.json")) as { readonly entries?: readonly Entry[]; readonly dialect?: unknown } | null
  if (!Array.isArray(journal?.entries)) return null
  const dialect = String(journal.dialect ?? "postgresql")
  if (!["postgresql", "pg"].includes(dialect)) throw new Fault("refused", `${folder}/meta/_journal.json is for ${dialect}, nself is for postgresql`)
  const names = await namesIn(root, folder)
  const files = new Set(names.filter(name => name.endsWith(".sql") && !name.endsWith(".down.sql")))
  const entries = (journal.entries as readonly Entry[]).flatMap(entry => (typeof entry.tag === "string" ? [{ tag: entry.tag, idx: Number(entry.idx), when: Number(entry.when) || 0 }] : []))
  const listed = entries.filter((entry, i) => files.has(`${entry.tag}.sql`) && entries.findIndex(one => one.tag === entry.tag) === i)
  const tags = new Set(listed.map(entry => entry.tag))
  const read = (tag: string, when: number) => foreignOf(root, folder, { tag, when }, names)
  const rest = [...files].filter(file => !tags.has(file.slice(0, -4)))
  return {
    tool: "drizzle", folder,
    migrations: await Promise.all(listed.map(entry => read(entry.tag, entry.when))),
    unlisted: await Promise.all(rest.map(async file => {
      const foreign = await read(file.slice(0, -4), 0)
      return { path: foreign.path, hashes: foreign.hashes, foreign }
    })),
    gone: entries.filter(entry => !files.has(`${entry.tag}.sql`)).map(entry => entry.tag),
    notes: oddities(entries),
  }
}

async function foreignOf(root: string, folder: string, { tag, when }: { readonly tag: string; readonly when: number }, names: readonly string[]): Promise<Foreign> {
  const { text, hashes } = await readForeign(root, at(folder, `${tag}.sql`))
  const [, digits, rest] = /^(\d+)_?(.*)$/.exec(tag) ?? [null, null, tag]
  const down = names.includes(`${tag}.down.sql`) ? (await readForeign(root, at(folder, `${tag}.down.sql`))).text : null
  const snapshot = digits === null ? null : await readJson(root, at(folder, `meta/${digits}_snapshot.json`))
  return {
    id: tag, slug: slugFor(rest!), seq: /^\d{4,15}_[A-Za-z0-9_-]+$/.test(tag) ? Number(digits) : null, path: at(folder, `${tag}.sql`),
    up: text, down, hashes, when, snapshot: typeof snapshot === "object" ? snapshot : null, alone: false,
  }
}

function oddities(entries: readonly { readonly tag: string; readonly idx: number; readonly when: number }[]): string[] {
  const back = entries.filter((entry, i) => i > 0 && entry.when <= entries[i - 1]!.when)
  const twice = entries.filter((entry, i) => entries.findIndex(one => one.idx === entry.idx) !== i)
  return [
    ...back.map(entry => `${entry.tag}: its time in the journal is not behind the one before it; nself goes by the order`),
    ...twice.map(entry => `${entry.tag}: another entry has idx ${entry.idx} too`),
  ]
}
