import { ident } from "../core/ident.ts"
import { HOME, KEY, qualified, type Named, type Swap } from "./kind.ts"

/** A column whose type (or collation) is the one in question, or an array of it. */
export interface TypeUser {
  /** The column's key. */
  readonly key: string
  readonly schema: string | null
  readonly table: string
  readonly column: string
  /** As `format_type` prints it. */
  readonly type: string
  readonly array: boolean
  /** A foreign table's column has no values to move: USING is refused there. */
  readonly foreign: boolean
}

/**
 * The SQL that lists the columns which depend on some objects, found by index; what a parent table hands down is altered with the parent.
 *
 * @param catalog  of the objects: `pg_type`
 * @param oids     SQL list of their numbers
 * @param array    SQL that tells a column `a` of an array type
 */
export const COLUMNS_ON = (catalog: string, oids: string, array: string): string => `
  coalesce((select json_agg(json_build_object('key', ${KEY("cn", "c.relname")} || '.' || a.attname, 'schema', ${HOME("cn")}, 'table', c.relname, 'column', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'array', ${array}, 'foreign', c.relkind = 'f') order by c.oid, a.attnum)
    from pg_depend x join pg_attribute a on a.attrelid = x.objid and a.attnum = x.objsubid join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'f') join pg_namespace cn on cn.oid = c.relnamespace
    where x.refclassid = '${catalog}'::regclass and x.refobjid in (${oids}) and x.classid = 'pg_class'::regclass and a.attnum > 0 and not a.attisdropped and a.attinhcount = 0), '[]')`
/** The columns of a type. */
export const USERS = (t: string): string => COLUMNS_ON("pg_type", `${t}.oid, ${t}.typarray`, `a.atttypid = ${t}.typarray`)

/** The name under which the old one waits until nobody needs it. */
export const asideOf = (named: Named): Named => ({ schema: named.schema, name: `${named.name.slice(0, 50)}__old` })

/**
 * A new type in the place of an old one: the old one steps aside, every column that has it moves over, the old one goes.
 *
 * @param via  the expression that turns a value of the old type (a column's quoted name) into the new one
 */
export function swapType(type: Named, make: readonly string[], users: readonly TypeUser[], via: (column: string, array: boolean) => string): Swap {
  const moved = users.map(user => {
    const to = `${qualified(type)}${user.array ? "[]" : ""}`
    const using = user.foreign ? "" : ` USING ${via(ident(user.column), user.array)}`
    return `ALTER TABLE ${qualified({ schema: user.schema, name: user.table })} ALTER COLUMN ${ident(user.column)} SET DATA TYPE ${to}${using}`
  })
  return { statements: [`ALTER TYPE ${qualified(type)} RENAME TO ${ident(asideOf(type).name)}`, ...make, ...moved], sweep: [`DROP TYPE ${qualified(asideOf(type))}`] }
}

/** `::text` or nothing: within one family of types PostgreSQL has casts, and from and to text always; between the others the text is the only way. */
export function wayBetween(want: string, have: string): string {
  const related = want === "S" || have === "S" || (want === have && !["A", "C", "E", "R", "U"].includes(want))
  return related ? "" : "::text"
}
