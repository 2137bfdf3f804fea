import type { Column, SQL } from "drizzle-orm"
import { Fault } from "../core/fault.ts"
import { literal } from "../core/ident.ts"
import { type Names, namesOf } from "./name.ts"
import type { Casing, Orm } from "./orm.ts"
import { constant } from "./value.ts"

/** What every `declare-*` file writes with: names, and Drizzle's SQL objects as text. */
export interface Writer {
  readonly orm: Orm
  readonly names: Names
  /** A column's name in the database, after the project's `casing`; not quoted. */
  readonly columnName: (column: { readonly name: string; readonly keyAsName: boolean }) => string
  /** `"a","b"` */
  readonly columnList: (columns: readonly { readonly name: string; readonly keyAsName: boolean }[]) => string
  /** SQL with its parameters written in. `bare`: columns without their table, as indexes, checks and generated columns need them. */
  readonly sql: (value: SQL, columns: "bare" | "qualified") => string
}

/** The parts of drizzle-orm's PgDialect that are the same from 0.36 to 0.45 but marked internal. */
interface DialectParts {
  readonly casing: { getColumnCasing(column: Column): string; readonly convert: (name: string) => string }
}

/** A writer over the user's own drizzle-orm. */
export function writerFor(orm: Orm, casing: Casing | undefined): Writer {
  const names = namesOf()
  const dialect = new orm.pg.PgDialect({ casing }) as unknown as DialectParts
  const columnName: Writer["columnName"] = column => (column.keyAsName && casing ? dialect.casing.convert(column.name) : column.name)
  const sql: Writer["sql"] = (value, columns) => {
    // a view's query carries a flag that makes drizzle write parameters in itself, which fails on bigint and Date: a fresh SQL drops it
    const config: unknown = {
      casing: dialect.casing,
      escapeName: names.quote,
      escapeParam: (_: number, param: unknown) => parameter(orm, param),
      escapeString: literal,
      invokeSource: columns === "bare" ? "indexes" : undefined,
    }
    type Config = Parameters<SQL["toQuery"]>[0]
    return new orm.core.SQL(value.queryChunks).toQuery(config as Config).sql.trim()
  }
  return { orm, names, columnName, columnList: list => list.map(column => names.quote(columnName(column))).join(","), sql }
}

function parameter(orm: Orm, value: unknown): string {
  if (orm.core.is(value, orm.core.Placeholder)) {
    throw new Fault("usage", "a schema cannot hold a placeholder: there is nobody to fill it", "write the value itself")
  }
  return constant(value)
}
