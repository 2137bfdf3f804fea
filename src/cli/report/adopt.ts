import type { Adopted, AdoptedRow } from "../../flows/adopt/adopt.ts"
import type { Paint } from "../paint.ts"
import { count, width } from "./words.ts"

/** Differences that are named, at most. */
const MOST = 40

/** What came from where, what was odd, and how the database stands to it. */
export function adoptText(result: Adopted, paint: Paint): string {
  return [filesText(result, paint), databaseText(result, paint)].filter(text => text !== "").join("\n\n")
}

function filesText({ dryRun, tool, folder, migrations, notes, aside, gone, engine }: Adopted, paint: Paint): string {
  if (migrations.length === 0) return ""
  const columns = width(migrations.map(one => one.name))
  const warn = (text: string): string => `${paint.yellow("warning")}: ${text}`
  const of = (wayDown: AdoptedRow["wayDown"]) => migrations.filter(one => one.wayDown === wayDown).length
  return [
    `${dryRun ? "Would adopt" : "Adopted"} ${count(migrations.length, "migration")} of ${tool} from ${folder}:`,
    ...migrations.flatMap(one => [`  ${one.name.padEnd(columns)}${said(one)}`, ...one.notes.map(note => `      ${note}`)]), "",
    ...notes.map(warn),
    ...gone.map(name => warn(`${name} is in the journal, and its file is gone; it was left out`)),
    ...aside.map(({ from, to }) => warn(`${from} was never run; it is now ${to}`)),
    `Ways back: ${of("own")} own, ${of("made")} made and proved with rows, ${of("made, empty tables")} made and proved on empty tables, ${of("none")} none.`,
    `Replayed on ${engine}.`,
  ].join("\n")
}

function said({ state, from, wayDown }: AdoptedRow): string {
  const what = state === "kept" ? "kept" : state === "mended" ? "mended" : `from ${from}`
  return wayDown === "none" ? `${what}, no way back` : what
}

function databaseText({ dryRun, database }: Adopted, paint: Paint): string {
  if (database === null) return "No database was looked at. For each one: nself db migrate adopt --env <name>"
  const { table, applied, late, altered, unknown, differences, engine } = database
  const warn = (text: string): string => `${paint.yellow("warning")}: ${text}`
  return [
    table === null ? `${database.database}: no table of the other tool, so nothing is applied there.` : `${database.database}: ${count(applied, "migration")} applied, by ${table}${dryRun ? "" : "; recorded in np_migrations"}.`,
    ...altered.map(name => warn(`${name}.sql was altered after it was applied`)),
    ...unknown.map(row => warn(`the database has ${row} applied, and no file answers to it`)),
    ...late.map(name => warn(`${name} is not applied, though newer ones are: nself db migrate up --out-of-order`)),
    differences.length === 0 ? `Shown on ${engine}: the database is what these files make.` : `The database is not what these files make (${engine}):`,
    ...differences.slice(0, MOST).map(line => `  ${line}`), ...(differences.length > MOST ? [`  and ${differences.length - MOST} more`] : []),
  ].join("\n")
}
