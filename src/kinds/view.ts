import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { COMMENT, commented, commentEntry, HOME, id, KEY, NOT_EXTENSION, OPTIONS, qualified, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface ViewData extends Named {
  readonly materialized: boolean
  readonly definition: string
  readonly options: readonly string[]
  readonly populated: boolean
  /** `name type` of each column, in order: CREATE OR REPLACE keeps these and may only add behind them. */
  readonly columns: readonly string[]
}
interface Row extends ViewData { readonly oid: string; readonly key: string; readonly comment: string | null; readonly columnComments: readonly { readonly name: string; readonly text: string }[] }

export const viewReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name, c.relkind = 'm' as materialized, c.relispopulated as populated,
      pg_get_viewdef(c.oid, true) as definition, ${OPTIONS("c.reloptions")} as options, ${COMMENT("pg_class", "c.oid")} as comment,
      (select json_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns,
      coalesce((select json_agg(json_build_object('name', a.attname, 'text', ${COMMENT("pg_class", "c.oid", "a.attnum")}) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and ${COMMENT("pg_class", "c.oid", "a.attnum")} is not null), '[]') as "columnComments"
    from ${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_class", "c.oid")}`,
  read(row) {
    const kind = row.materialized ? "materialized view" as const : "view" as const
    return [...commented({
      address: `pg_class:${row.oid}:0`,
      object: { id: id(kind, row.key), kind, key: row.key, parent: null, detail: make(row), data: row, rank: Number(row.oid) },
    }, `${kind.toUpperCase()} ${qualified(row)}`, row.comment), 
      // a view's columns are no objects of their own, so their comments hang on the view
      ...row.columnComments.flatMap(({ name, text }) => commentEntry(`column ${row.key}.${name}`, { id: id(kind, row.key), rank: Number(row.oid) }, `COLUMN ${qualified(row)}.${ident(name)}`, text))]
  },
}

const make = (data: ViewData): string => {
  const options = data.options.length > 0 ? ` WITH (${data.options.join(", ")})` : ""
  const body = data.definition.trimEnd().replace(/;$/, "")
  return `${options} AS\n${body}${data.materialized && !data.populated ? "\nWITH NO DATA" : ""}`
}

const word = (data: ViewData) => (data.materialized ? "MATERIALIZED VIEW" : "VIEW")

const replaceable = (want: ViewData, have: ViewData) =>
  !want.materialized && have.columns.every((column, i) => want.columns[i] === column) && JSON.stringify(want.options) === JSON.stringify(have.options)

export const view: Writer<ViewData> = {
  create: ({ data }) => [`CREATE ${word(data)} ${qualified(data)}${make(data)}`],
  drop: ({ data }) => [`DROP ${word(data)} ${qualified(data)}`],
  alter: (want: CatalogObject<ViewData>, have: CatalogObject<ViewData>) =>
    (replaceable(want.data, have.data) ? [`CREATE OR REPLACE VIEW ${qualified(want.data)}${make(want.data)}`] : null),
  rename: (have, want) => `ALTER ${word(have.data)} ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
