import type { PGlite } from "@electric-sql/pglite"

/** A script under the name of an extension that this PostgreSQL does not carry, for `CREATE EXTENSION` to find. */
export interface StandInScript {
  readonly name: string
  readonly version: string
  readonly statements: readonly string[]
}

const FOLDER = "/pglite/share/postgresql/extension"

/** Puts scripts where `CREATE EXTENSION` looks for them. */
export function addStandIns(pglite: PGlite, scripts: readonly StandInScript[]): void {
  for (const { name, version, statements } of scripts) {
    put(pglite, `${name}.control`, `comment = 'nself: names only'\ndefault_version = '${version}'\nrelocatable = true\nsuperuser = false\n`)
    put(pglite, `${name}--${version}.sql`, `set local check_function_bodies = off;\n${statements.map(statement => `${statement};\n`).join("")}`)
  }
}

const put = (pglite: PGlite, file: string, text: string): void => pglite.copyToFS(`${FOLDER}/${file}`, new TextEncoder().encode(text))
