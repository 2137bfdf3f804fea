import { ident, literal } from "../core/ident.ts"
import { commented, HOME, id, KEY, NOT_EXTENSION, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"
import { asideOf, COLUMNS_ON, type TypeUser } from "./type-users.ts"

export interface CollationData extends Named {
  /** `c` libc, `i` ICU, `b` builtin. */
  readonly provider: "c" | "i" | "b"
  readonly deterministic: boolean
  readonly collate: string | null
  readonly ctype: string | null
  readonly locale: string | null
  readonly rules: string | null
  readonly columns: readonly TypeUser[]
}
interface Row extends CollationData { readonly oid: string; readonly key: string; readonly comment: string | null }

export const collationReader: Reader<Row> = {
  // the locale of ICU was in collcollate up to 14, in colliculocale up to 16, and is in colllocale since
  query: `
    select l.oid::int8::text as oid, ${KEY("n", "l.collname")} as key, ${HOME("n")} as schema, l.collname as name, l.collprovider as provider, l.collisdeterministic as deterministic,
      case when l.collprovider = 'c' then l.collcollate end as collate, case when l.collprovider = 'c' then l.collctype end as ctype,
      case when l.collprovider <> 'c' then coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale', l.collcollate) end as locale,
      to_jsonb(l) ->> 'collicurules' as rules, ${COLUMNS_ON("pg_collation", "l.oid", "a.attndims > 0")} as columns, obj_description(l.oid, 'pg_collation') as comment
    from pg_collation l join pg_namespace n on n.oid = l.collnamespace
    where ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_collation", "l.oid")}`,
  read: row => commented({
    address: `pg_collation:${row.oid}:0`,
    object: { id: id("collation", row.key), kind: "collation", key: row.key, parent: null, detail: list(row), data: row, rank: Number(row.oid) },
  }, `COLLATION ${qualified(row)}`, row.comment),
}

const list = (data: CollationData): string => [
  `PROVIDER = ${{ c: "libc", i: "icu", b: "builtin" }[data.provider]}`,
  ...(data.locale === null ? [] : [`LOCALE = ${literal(data.locale)}`]),
  ...(data.collate === null ? [] : [`LC_COLLATE = ${literal(data.collate)}`]),
  ...(data.ctype === null ? [] : [`LC_CTYPE = ${literal(data.ctype)}`]),
  ...(data.deterministic ? [] : ["DETERMINISTIC = false"]),
  ...(data.rules === null ? [] : [`RULES = ${literal(data.rules)}`]),
].join(", ")

export const collation: Writer<CollationData> = {
  create: ({ data }) => [`CREATE COLLATION ${qualified(data)} (${list(data)})`],
  drop: ({ data }) => [`DROP COLLATION ${qualified(data)}`],
  swap: (want, have) => ({
    statements: [
      `ALTER COLLATION ${qualified(want.data)} RENAME TO ${ident(asideOf(want.data).name)}`, `CREATE COLLATION ${qualified(want.data)} (${list(want.data)})`,
      ...have.data.columns.map(user => `ALTER TABLE ${qualified({ schema: user.schema, name: user.table })} ALTER COLUMN ${ident(user.column)} SET DATA TYPE ${user.type} COLLATE ${qualified(want.data)}`),
    ],
    sweep: [`DROP COLLATION ${qualified(asideOf(want.data))}`],
  }),
  rename: (have, want) => `ALTER COLLATION ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
