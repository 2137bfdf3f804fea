import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { COLLATION, commented, commentEntry, HOME, id, KEY, NOT_EXTENSION, qualified, USER_SCHEMA, type Named, type Reader, type Use, type Writer } from "./kind.ts"
import { swapType, USERS, wayBetween, type TypeUser } from "./type-users.ts"

interface Check { readonly oid: string; readonly name: string; readonly clause: string; readonly comment: string | null }
export interface DomainData extends Named {
  readonly base: string
  /** `pg_type.typcategory` of the base. */
  readonly category: string
  readonly collation: string | null
  readonly default: string | null
  readonly notNull: boolean
  /** By name; `clause` ends in NOT VALID where old values were not looked at. */
  readonly checks: readonly Check[]
  readonly columns: readonly TypeUser[]
}
interface Row extends DomainData { readonly oid: string; readonly key: string; readonly comment: string | null }

export const domainReader: Reader<Row> = {
  query: `
    select t.oid::int8::text as oid, ${KEY("n", "t.typname")} as key, ${HOME("n")} as schema, t.typname as name, format_type(t.typbasetype, t.typtypmod) as base, t.typcategory as category,
      ${COLLATION("t.typcollation", "(select b.typcollation from pg_type b where b.oid = t.typbasetype)")} as collation,
      pg_get_expr(t.typdefaultbin, 0) as default, t.typnotnull as "notNull", ${USERS("t")} as columns,
      coalesce((select json_agg(json_build_object('oid', k.oid::int8::text, 'name', k.conname, 'clause', pg_get_constraintdef(k.oid, true),
          'comment', obj_description(k.oid, 'pg_constraint')) order by k.conname)
        from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), '[]') as checks,
      obj_description(t.oid, 'pg_type') as comment
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'd' and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_type", "t.oid")}`,
  read: row => [
    ...commented({
      address: `pg_type:${row.oid}:0`, aliases: row.checks.map(check => `pg_constraint:${check.oid}:0`),
      object: { id: id("domain", row.key), kind: "domain", key: row.key, parent: null, detail: clauses(row).join("\n  "), data: row, rank: Number(row.oid) },
    }, `DOMAIN ${qualified(row)}`, row.comment),
    ...row.checks.flatMap(check => commentEntry(`constraint ${row.key}.${check.name}`, { id: id("domain", row.key), rank: Number(row.oid) }, `CONSTRAINT ${ident(check.name)} ON DOMAIN ${qualified(row)}`, check.comment)),
  ],
}

const constraintOf = (check: Check) => `CONSTRAINT ${ident(check.name)} ${check.clause}`
const isOpen = (check: Check) => check.clause.endsWith(" NOT VALID")

const clauses = (data: DomainData): string[] => [
  `AS ${data.base}${data.collation === null ? "" : ` COLLATE ${data.collation}`}`,
  ...(data.default === null ? [] : [`DEFAULT ${data.default}`]),
  ...(data.notNull ? ["NOT NULL"] : []),
  ...data.checks.map(constraintOf),
]

/** CREATE DOMAIN knows no NOT VALID: such a check is added behind it. */
function make(data: DomainData): string[] {
  const inside = clauses({ ...data, checks: data.checks.filter(check => !isOpen(check)) })
  return [`CREATE DOMAIN ${qualified(data)} ${inside.join("\n  ")}`, ...data.checks.filter(isOpen).map(check => `ALTER DOMAIN ${qualified(data)} ADD ${constraintOf(check)}`)]
}

function alter({ data: w }: CatalogObject<DomainData>, { data: h }: CatalogObject<DomainData>, { inside }: Use): string[] | null {
  if (w.base !== h.base || w.collation !== h.collation) return null
  const at = `ALTER DOMAIN ${qualified(w)}`
  const gone = h.checks.filter(old => !w.checks.some(check => check.name === old.name && validates(check, old)))
  const kept = h.checks.filter(old => !gone.includes(old))
  const stricter = (w.notNull && !h.notNull) || w.checks.some(check => !h.checks.some(old => old.name === check.name && old.clause === check.clause))
  if (stricter && inside) return null
  return [
    ...gone.map(check => `${at} DROP CONSTRAINT ${ident(check.name)}`),
    ...(w.default === h.default ? [] : [`${at} ${w.default === null ? "DROP DEFAULT" : `SET DEFAULT ${w.default}`}`]),
    ...(w.notNull === h.notNull ? [] : [`${at} ${w.notNull ? "SET" : "DROP"} NOT NULL`]),
    ...w.checks.filter(check => !kept.some(old => old.name === check.name)).map(check => `${at} ADD ${constraintOf(check)}`),
    ...kept.filter(old => isOpen(old) && w.checks.some(check => check.name === old.name && !isOpen(check))).map(old => `${at} VALIDATE CONSTRAINT ${ident(old.name)}`),
  ]
}
const validates = (want: Check, have: Check) => want.clause === have.clause || `${want.clause} NOT VALID` === have.clause

/** Over a type of PostgreSQL's own with values of one piece: these have casts, and keep their names. */
const isPlain = (data: DomainData) => !["A", "C", "E", "R", "U"].includes(data.category)

export const domain: Writer<DomainData> = {
  create: ({ data }) => make(data),
  drop: ({ data }) => [`DROP DOMAIN ${qualified(data)}`],
  alter,
  swap: (want, have) => swapType(want.data, make(want.data), have.data.columns, (column, array) => {
    const [brackets, plain] = [array ? "[]" : "", isPlain(want.data) && isPlain(have.data)]
    const way = plain ? `::${have.data.base}${brackets}${array ? "" : wayBetween(want.data.category, have.data.category)}::${want.data.base}${brackets}` : "::text"
    return `${column}${way}::${qualified(want.data)}${brackets}`
  }),
  rename: (have, want) => `ALTER DOMAIN ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
