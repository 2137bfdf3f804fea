import { posix } from "node:path"
import { sha256 } from "../../core/checksum.ts"
import { Fault } from "../../core/fault.ts"
import type { Foreign, ForeignProject } from "../../core/foreign.ts"
import { mend, withoutHome } from "../../core/mend.ts"
import { pad } from "../../core/name.ts"
import { tokensOf } from "../../core/tokens.ts"
import type { Migration, SqlFile } from "../../core/types.ts"
import { HOME } from "../database.ts"

/** One migration on its way from another tool. */
export interface Coming {
  readonly foreign: Foreign
  readonly migration: Migration
  /** `kept`: the file stays as it is; `mended`: it stays, with few changes; `copied`: it becomes a numbered file. */
  readonly state: "kept" | "mended" | "copied"
  readonly notes: readonly string[]
}

/**
 * The migrations as nself will have them: numbers strictly rising in the order of the other tool, texts mended where nself could not run them.
 *
 * @param out        the migrations folder, relative to the root
 * @param stripHome  take the home schema's name out of the texts
 */
export async function comingFrom(project: ForeignProject, out: string, stripHome: boolean): Promise<readonly Coming[]> {
  const inPlace = project.folder === out && project.tool === "drizzle"
  const seqs = numbersFor(project.migrations, inPlace)
  return Promise.all(project.migrations.map((foreign, i) => coming(foreign, { out, seq: seqs[i]!, inPlace, stripHome })))
}

/** Their own numbers as long as these rise; from the first that does not, one more than the one before. */
function numbersFor(migrations: readonly Foreign[], inPlace: boolean): readonly number[] {
  let last = inPlace ? -1 : 0
  return migrations.map(({ seq }) => (last = inPlace && seq !== null && seq > last ? seq : last + 1))
}

interface Place {
  readonly out: string
  readonly seq: number
  readonly inPlace: boolean
  readonly stripHome: boolean
}

async function coming(foreign: Foreign, { out, seq, inPlace, stripHome }: Place): Promise<Coming> {
  const keeps = inPlace && foreign.seq === seq
  const name = keeps ? foreign.id : `${pad(seq)}_${foreign.slug}`
  const { text, notes } = await mend(await saying(foreign), foreign.alone)
  const up = stripHome ? await withoutHome(text, HOME) : text
  const down = foreign.down !== null && (await tokensOf(foreign.down))?.length !== 0 ? await mend(foreign.down, false) : null
  const downText = down && (stripHome ? await withoutHome(down.text, HOME) : down.text)
  const at = (file: string): string => posix.join(out, file)
  const stripped = up === text ? [] : [`"${HOME}". was taken out`]
  return {
    foreign, notes: [...notes, ...stripped], state: !keeps ? "copied" : up === foreign.up ? "kept" : "mended",
    migration: { seq, name, up: fileOf(at(`${name}.sql`), up), down: downText === null ? null : fileOf(at(`${name}.down.sql`), downText) },
  }
}

/** A file that says nothing is refused elsewhere, for it may have been lost; here it is known to be empty. */
async function saying({ up, path }: Foreign): Promise<string> {
  return up.trim() === "" ? `-- ${path} is empty\n` : up
}

export const fileOf = (path: string, text: string): SqlFile => ({ path, text, sha256: sha256(text) })

/** Refuses a target folder that holds migrations of nobody: they would run among those that come. */
export function refuseStrangers(existing: readonly string[], project: ForeignProject, coming: readonly Coming[], out: string): void {
  const known = new Set([...project.migrations.map(one => one.path), ...project.unlisted.map(one => one.path), ...coming.flatMap(one => [one.migration.up.path, one.migration.up.path.replace(/\.sql$/, ".down.sql")])])
  const stranger = existing.map(name => posix.join(out, name)).find(path => path.endsWith(".sql") && !known.has(path) && !known.has(path.replace(/\.(?:up|down)\.sql$/, ".sql")) && !known.has(path.replace(/\.down\.sql$/, ".up.sql")))
  if (stranger !== undefined) throw new Fault("refused", `${stranger} is in the folder the migrations go to, and ${project.tool} does not know it`, `move it away, or let \`out\` in drizzle.config.ts name another folder`)
}
