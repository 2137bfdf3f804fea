import { posix } from "node:path"
import type { ForeignProject } from "../../core/foreign.ts"
import { journalText, type Journal } from "../../core/journal.ts"
import { NOBODY } from "../../core/chain.ts"
import type { Migration } from "../../core/types.ts"
import type { Change } from "../../files/changes.ts"
import { journalPath } from "../../files/journal.ts"
import { snapshotPath, snapshotText } from "../../files/snapshots.ts"
import { journalFor } from "../branches/branch-items.ts"
import type { Coming } from "./files.ts"

export interface AdoptedChanges {
  readonly changes: readonly Change[]
  readonly aside: readonly { readonly from: string; readonly to: string }[]
  readonly files: readonly Migration[]
  readonly journal: Journal
}

/** What has to be written so that the folder is nself's: files, snapshots in one chain, the journal last. What was never run is moved aside, not removed. */
export function adoptedChanges(out: string, project: ForeignProject, coming: readonly Coming[], journal: Journal): AdoptedChanges {
  const files = coming.map(one => one.migration)
  const aside = project.unlisted.map(({ path }) => ({ from: path, to: posix.join(out, "unlisted", posix.basename(path)) }))
  const kept = new Set(files.map(file => file.up.path))
  const replaced = coming.filter(one => posix.dirname(one.foreign.path) === out && !kept.has(one.foreign.path)).map(one => one.foreign.path)
  const text = files.flatMap(({ up, down }) => [up, ...(down ? [down] : [])]).map(({ path, text }) => ({ path, text }))
  const entries = coming.map(({ migration, foreign }) => ({ migration, snapshot: null, entry: {
    idx: 0, version: "7", when: foreign.when, tag: migration.name, breakpoints: true, adopted: { tool: project.tool, id: foreign.id, hashes: foreign.hashes },
  } }))
  const written = journalFor(journal, entries)
  const snapshots = snapshotChanges(out, coming)
  const changes = [
    ...text, ...project.unlisted.map(({ foreign }, i) => ({ path: aside[i]!.to, text: foreign.up })), ...snapshots,
    ...[...replaced, ...aside.map(one => one.from)].map(path => ({ path, text: null })), { path: journalPath(out), text: journalText(written) },
  ]
  return { changes, aside, files, journal: written }
}

/** Snapshots keep what they say; each names the one before it. A number that two migrations had, had one snapshot: the first keeps it. */
function snapshotChanges(out: string, coming: readonly Coming[]): readonly Change[] {
  const written = new Map<string, string>()
  const old = new Set<string>()
  const seen = new Set<unknown>()
  let prevId = NOBODY
  for (const { foreign, migration } of coming) {
    const snapshot = foreign.snapshot as { readonly id?: unknown } | null
    if (foreign.seq !== null) old.add(snapshotPath(out, foreign.seq))
    if (!snapshot || typeof snapshot.id !== "string" || seen.has(snapshot.id)) continue
    seen.add(snapshot.id)
    // what `drizzle-kit pull` made of a database is called nobody, and follows nobody
    if (snapshot.id === NOBODY) {
      written.set(snapshotPath(out, migration.seq), snapshotText(snapshot))
      continue
    }
    written.set(snapshotPath(out, migration.seq), snapshotText({ ...snapshot, prevId }))
    prevId = snapshot.id
  }
  const gone = [...old].filter(path => !written.has(path)).map(path => ({ path, text: null }))
  return [...[...written].map(([path, text]) => ({ path, text })), ...gone]
}
