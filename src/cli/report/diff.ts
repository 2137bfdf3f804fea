import { isSame } from "../../core/compare.ts"
import { shownDrift, type Diff } from "../../core/diff.ts"
import type { Drift } from "../../core/catalog.ts"
import { pad } from "../../core/name.ts"
import { sqlText } from "../../core/migration-text.ts"
import type { Paint } from "../paint.ts"
import { driftText, objectText } from "./drift.ts"
import { ignoredText } from "./ignored.ts"

/** Drift in the spec's words, then what is pending, what is not generated, what was ignored; each only where there is something. */
export function diffText(diff: Diff, paint: Paint): string {
  const parts = [driftPart(diff, paint), pendingPart(diff), ungeneratedPart(diff), ignoredText(diff.ignored), diff.notes.map(note => `${paint.yellow("note")}: ${note}`)]
  return parts.filter(part => part.length > 0).map(part => part.join("\n")).join("\n\n")
}

function driftPart(diff: Diff, paint: Paint): string[] {
  const { drift, against, version } = diff
  if (isSame(drift)) return [against === null ? `No drift: the database is what its migrations made (version ${pad(version)}).` : `No difference: ${diff.database} is what ${against} is.`]
  const other = against ?? "schema"
  const heads = {
    missing: `Missing in DB (in ${other}, not in DB):`, extra: `Extra in DB (in DB, not in ${other}):`,
    changed: `Changed in DB (in DB otherwise than in ${other}):`, want: against === null ? "schema" : "other", have: "DB",
  }
  return [paint.red("Schema drift detected:"), "", ...driftText(drift, heads), toFix(drift)]
}

/** The spec's line; it names what is extra where there is anything. */
function toFix({ extra }: Drift): string {
  if (extra.length === 0) return "To fix: generate a migration."
  const kinds = new Set(extra.map(object => object.kind))
  return `To fix: generate a migration or drop the extra ${extra.length === 1 ? extra[0]!.kind : kinds.size === 1 ? plural([...kinds][0]!) : "objects"}.`
}

const plural = (word: string): string => (/(s|x|sh|ch)$/.test(word) ? `${word}es` : word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`)

function pendingPart({ pending }: Diff): string[] {
  return pending.length === 0 ? [] : ["Pending (not yet applied):", ...pending.map(({ name }) => `  ${name}`), "", "To apply: nself db migrate up"]
}

function ungeneratedPart({ ungenerated, against }: Diff): string[] {
  if (against !== null) return []
  if (!ungenerated.looked) return [`Not looked at: whether the schema has changes without a migration (${ungenerated.why}).`]
  if (isSame(ungenerated.drift)) return []
  const heads = { missing: "Only in schema:", extra: "Only in migrations:", changed: "Changed in schema:", want: "schema", have: "migrations" }
  return ["Not generated (in schema, in no migration yet):", "", ...driftText(ungenerated.drift, heads), "To generate: nself db migrate generate --name <name>"]
}

/** Only SQL on stdout, so that it can be piped into psql; comments say what it is. */
export function diffSql({ sql, against, version, database }: Diff): string {
  const goal = against ?? `its migrations at version ${pad(version)}`
  if (sql.length === 0) return `-- ${database} is equal to ${goal}; nothing to do`
  return `-- makes ${database} equal to ${goal}\nBEGIN;\n\n${sqlText(sql)}\n\nCOMMIT;`
}

export function diffJson(diff: Diff): unknown {
  const { ungenerated } = diff
  return {
    ...diff, version: pad(diff.version), drift: shownDrift(diff.drift),
    ungenerated: ungenerated.looked ? { looked: true, ...shownDrift(ungenerated.drift) } : ungenerated,
  }
}

/** Workflow commands of GitHub Actions: drift as errors or warnings, the rest as notices. */
export function diffGithub({ drift, pending, ungenerated }: Diff, level: "error" | "warning"): string {
  const say = (kind: string, properties: string, text: string): string => `::${kind} ${properties}::${escaped(text)}`
  const title = (text: string): string => `title=${text.replaceAll(",", "%2C").replaceAll(":", "%3A")}`
  const lines = [
    ...drift.missing.map(object => say(level, title("Schema drift"), `Missing in DB: ${objectText(object)}`)),
    ...drift.extra.map(object => say(level, title("Schema drift"), `Extra in DB: ${objectText(object)}`)),
    ...drift.changed.map(({ want, have }) => say(level, title("Schema drift"), `Changed in DB: ${objectText(want)}\nschema: ${want.detail}\nDB: ${have.detail}`)),
    ...pending.map(({ name, path }) => say("notice", `file=${path},${title("Pending migration")}`, `${name} is not yet applied`)),
    ...(ungenerated.looked && !isSame(ungenerated.drift) ? [say("notice", title("Not generated"), "The schema has changes without a migration: nself db migrate generate --name <name>")] : []),
  ]
  return lines.join("\n")
}

const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
