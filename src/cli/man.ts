import { EXIT } from "../core/fault.ts"
import { COMMON } from "./argv.ts"
import type { Command, Options } from "./command.ts"

const MEANS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "done, or nothing to do", failed: "PostgreSQL or the disk said no", usage: "the command line, the config or the schema files are not right", refused: "a safety rule",
  tampered: "an applied file was altered", drift: "something differs, or is pending, and it was asked to fail then", conflict: "two files with one number, or a file that came late",
  locked: "another runner has the lock", partial: "some tenants failed", unhealthy: "doctor: something fails", warnings: "doctor: something to look at", bug: "a fault of nself itself",
  interrupted: "SIGINT", terminated: "SIGTERM",
}

/** The manual page nself(1) in mdoc, made from the commands. */
export function manPage(commands: readonly Command[], version: string): string {
  return [
    ".Dd $Mdocdate$", ".Dt NSELF 1", `.Os nself ${version}`,
    ".Sh NAME", ".Nm nself", ".Nd migrations for PostgreSQL schemas declared with Drizzle",
    ".Sh SYNOPSIS", ".Nm", ".Ar command", ".Op Ar options",
    ".Sh DESCRIPTION", ".Nm", "owns the life of a PostgreSQL schema that is declared with Drizzle ORM: it generates migrations and their way back, proves both on a PostgreSQL",
    "that it carries inside, applies them, and finds what was altered by hand.",
    ".Pp", "Options that every command has:", ...list(COMMON),
    ".Sh COMMANDS", ...commands.flatMap(section),
    ".Sh ENVIRONMENT", ".Bl -tag -width Ds", ...ENVIRONMENT.flatMap(([name, text]) => [`.It Ev ${name}`, escaped(text)]), ".El",
    ".Sh FILES", ".Bl -tag -width Ds", ...FILES.flatMap(([path, text]) => [`.It Pa ${escaped(path)}`, escaped(text)]), ".El",
    ".Sh EXIT STATUS", ".Bl -tag -width Ds", ...Object.entries(EXIT).flatMap(([name, code]) => [`.It ${code}`, escaped(MEANS[name as keyof typeof EXIT])]), ".El", "",
  ].join("\n").replace(".Dd $Mdocdate$", ".Dd May 1, 2026")
}

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["DATABASE_URL", "The database, as a URL. NSELF_DB_URL is asked next."],
  ["POSTGRES_HOST", "The database in parts, with POSTGRES_PORT, POSTGRES_DB, POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_SSL_MODE; libpq's own variables fill what is left open."],
  ["NSELF_ENV", "The environment, where --env does not say it. Production must be typed."],
  ["NSELF_SHADOW_URL", "A real server that is the shadow, instead of the embedded PostgreSQL."],
  ["NO_COLOR", "No colours."],
]

const FILES: readonly (readonly [string, string])[] = [
  ["drizzle.config.ts", "Where the schema and the migrations are; .js and .json are read, too."],
  [".env, .env.<env>, .env.secrets, .env.local", "The environment; later ones win, and the process environment over them."],
  ["migrations/", "Numbered SQL files, each with its way back, and meta/_journal.json."],
  [".nself/", "The embedded database for dev, and caches. Not for git."],
]

function section({ path, summary, args = [], options, examples = [] }: Command): string[] {
  return [
    `.Ss ${path}${args.map(name => ` <${name}>`).join("")}`, `${escaped(summary)}.`,
    ...(Object.keys(options).length > 0 ? list(options) : []),
    ...(examples.length > 0 ? [".Pp", "Examples:", ".Bd -literal -offset indent", ...examples.map(escaped), ".Ed"] : []),
  ]
}

function list(options: Options): string[] {
  const item = (option: string): string => {
    const [flag, value] = option.split(" ")
    return `.It Fl \\&-${escaped(flag!.slice(2))}${value ? ` Ar ${escaped(value.replace(/^<|(\.\.\.)?>$/g, ""))}` : ""}`
  }
  return [".Bl -tag -width Ds", ...Object.entries(options).flatMap(([option, text]) => [item(option), `${escaped(text)}.`]), ".El"]
}

/** What roff would read as its own: backslashes, a dot or a quote at the start of a line, the hyphens that must stay ones. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^([.'])/gm, "\\&$1")
}
