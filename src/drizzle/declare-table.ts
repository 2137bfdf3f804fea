import type { AnyPgTable, ForeignKey, PgColumn } from "drizzle-orm/pg-core"
import { ident } from "../core/ident.ts"
import { columnDdl } from "./declare-column.ts"
import type { Writer } from "./writer.ts"

export type TableConfig = ReturnType<Writer["orm"]["pg"]["getTableConfig"]>

/** CREATE TABLE with columns, checks, primary key, uniques and these foreign keys, as PostgreSQL makes them. All others and the indexes are statements of their own. */
export function tableDdl(w: Writer, config: TableConfig, inside: readonly ForeignKey[] = []): string {
  const lines = [
    ...config.columns.map(column => columnDdl(w, column, config)),
    ...config.checks.map(check => `CONSTRAINT ${constraintName(w, config, check.name)} CHECK (${w.sql(check.value, "bare")})`),
    ...config.primaryKeys.map(key => `CONSTRAINT ${w.names.quote(recased(w, key.getName(), key.columns))} PRIMARY KEY(${w.columnList(key.columns)})`),
    ...uniques(w, config).map(unique => `CONSTRAINT ${w.names.quote(unique.name)} UNIQUE${unique.nullsNotDistinct ? " NULLS NOT DISTINCT" : ""}(${w.columnList(unique.columns)})`),
    ...inside.map(key => foreignKeyClause(w, config, key)),
  ]
  return `CREATE TABLE ${w.names.full(config.schema, config.name)} (\n${lines.map(line => `\t${line}`).join(",\n")}\n);`
}

/** Uniques said at a column and those said at the table. */
export function uniques(w: Writer, config: TableConfig): { name: string; columns: readonly PgColumn[]; nullsNotDistinct: boolean }[] {
  const inline = config.columns.filter(column => column.isUnique).map(column => ({
    name: column.uniqueName!, columns: [column], nullsNotDistinct: column.uniqueType === "not distinct",
  }))
  const said = config.uniqueConstraints.map(unique => ({
    name: unique.name ?? `${config.name}_${unique.columns.map(w.columnName).join("_")}_unique`, columns: unique.columns, nullsNotDistinct: unique.nullsNotDistinct,
  }))
  return [...inline, ...said]
}

/**
 * The foreign keys that can stand inside CREATE TABLE, by table: their target is made before, with the key they point at. PostgreSQL looks at the
 * rows of each one that is added later, which takes as long as making the table.
 *
 * @param tables  in the order in which they are made
 */
export function keysInside(w: Writer, tables: readonly TableConfig[]): ReadonlyMap<TableConfig, readonly ForeignKey[]> {
  const there = new Map<string, readonly string[]>()
  return new Map(tables.map(table => {
    there.set(w.names.full(table.schema, table.name), keysOf(w, table))
    return [table, table.foreignKeys.filter(key => {
      const { foreignColumns, foreignTable } = key.reference()
      const target = w.orm.pg.getTableConfig(foreignTable as AnyPgTable)
      return there.get(w.names.full(target.schema, target.name))?.includes(columnsText(w, foreignColumns)) ?? false
    })]
  }))
}

/** In an order in which most foreign keys point back: those that a table needs stand before it, all else as it was. */
export function neededFirst(w: Writer, tables: readonly TableConfig[]): readonly TableConfig[] {
  const name = ({ schema, name }: TableConfig): string => w.names.full(schema, name)
  const byName = new Map(tables.map(table => [name(table), table]))
  const done = new Set<TableConfig>()
  const begun = new Set<TableConfig>()
  const visit = (first: TableConfig): void => {
    const open = [{ table: first, targets: targetsOf(first) }] // no recursion: a chain may be as long as there are tables
    begun.add(first)
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const next = top.targets.shift()
      if (next === undefined) done.add(open.pop()!.table)
      else if (!begun.has(next)) open.push({ table: (begun.add(next), next), targets: targetsOf(next) })
    }
  }
  const targetsOf = (table: TableConfig): TableConfig[] => table.foreignKeys.flatMap(key => byName.get(name(w.orm.pg.getTableConfig(key.reference().foreignTable as AnyPgTable))) ?? [])
  for (const table of tables) if (!begun.has(table)) visit(table)
  return [...done]
}

const columnsText = (w: Writer, columns: readonly PgColumn[]): string => columns.map(w.columnName).toSorted().join("\0")

/** The columns of each key and unique constraint, as one text. */
function keysOf(w: Writer, config: TableConfig): readonly string[] {
  const lists = [...config.columns.filter(column => column.primary).map(column => [column]), ...config.primaryKeys.map(key => key.columns), ...uniques(w, config).map(unique => unique.columns)]
  return lists.map(columns => columnsText(w, columns))
}

/** `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY`, one per key, so that tables may come in any order. */
export function foreignKeyDdl(w: Writer, config: TableConfig, key: ForeignKey): string {
  return `ALTER TABLE ${w.names.full(config.schema, config.name)} ADD ${foreignKeyClause(w, config, key)};`
}

function foreignKeyClause(w: Writer, config: TableConfig, key: ForeignKey): string {
  const { columns, foreignColumns, foreignTable } = key.reference()
  const target = w.orm.pg.getTableConfig(foreignTable as AnyPgTable)
  const name = recased(w, key.getName(), [...columns, ...foreignColumns])
  return [
    `CONSTRAINT ${constraintName(w, config, name)} FOREIGN KEY (${w.columnList(columns)}) REFERENCES ${w.names.full(target.schema, target.name)}(${w.columnList(foreignColumns)})`,
    ...action("ON DELETE", key.onDelete),
    ...action("ON UPDATE", key.onUpdate),
  ].join(" ")
}

/** A foreign key or a check, quoted: indexes of the same long beginning do not matter to it, the keys of its own table do. */
function constraintName(w: Writer, config: TableConfig, name: string): string {
  const keys = [...config.primaryKeys.map(key => recased(w, key.getName(), key.columns)), ...uniques(w, config).map(unique => unique.name)]
  return ident(w.names.keepIn(constraintSpace(config), name, keys.map(w.names.keep)))
}

/** Where the name of a foreign key or a check must be the only one. */
export const constraintSpace = ({ schema, name }: { readonly schema: string | undefined; readonly name: string }): string => `constraint ${schema ?? ""} ${name}`

function action(word: string, what: string | undefined): string[] {
  return what === undefined || what === "no action" ? [] : [`${word} ${what.toUpperCase()}`]
}

/** Drizzle builds a key's default name from the names in TypeScript; drizzle-kit then replaces each by its cased form, and so do we. */
function recased(w: Writer, name: string, columns: readonly { readonly name: string; readonly keyAsName: boolean }[]): string {
  return columns.reduce((text, column) => text.replace(column.name, () => w.columnName(column)), name)
}
