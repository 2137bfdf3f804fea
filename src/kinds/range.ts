import type { CatalogObject } from "../core/catalog.ts"
import { ident, literal } from "../core/ident.ts"
import { COLLATION, commented, HOME, id, KEY, NOT_EXTENSION, PROC, qualified, USER_SCHEMA, type Named, type Reader, type Swap, type Writer } from "./kind.ts"
import { asideOf, swapType, USERS, type TypeUser } from "./type-users.ts"

export interface RangeData extends Named {
  readonly subtype: string
  readonly opclass: string | null
  readonly collation: string | null
  readonly canonical: string | null
  readonly difference: string | null
  /** Name of the type of its multiranges, in the same schema or in one of its own. */
  readonly multirange: Named
  readonly columns: readonly TypeUser[]
  readonly multirangeColumns: readonly TypeUser[]
}
interface Row extends RangeData { readonly oid: string; readonly others: readonly string[]; readonly key: string; readonly comment: string | null }

export const rangeReader: Reader<Row> = {
  query: `
    select t.oid::int8::text as oid, json_build_array(m.oid::int8::text, m.typarray::int8::text, t.typarray::int8::text) as others,
      ${KEY("n", "t.typname")} as key, ${HOME("n")} as schema, t.typname as name, format_type(r.rngsubtype, null) as subtype,
      (select (case when o.opcnamespace = 'pg_catalog'::regnamespace then '' else quote_ident(onn.nspname) || '.' end) || quote_ident(o.opcname)
        from pg_opclass o join pg_namespace onn on onn.oid = o.opcnamespace where o.oid = r.rngsubopc and not o.opcdefault) as opclass,
      ${COLLATION("r.rngcollation", "b.typcollation")} as collation, ${PROC("r.rngcanonical")} as canonical, ${PROC("r.rngsubdiff")} as difference,
      json_build_object('schema', ${HOME("mn")}, 'name', m.typname) as multirange, ${USERS("t")} as columns, ${USERS("m")} as "multirangeColumns", obj_description(t.oid, 'pg_type') as comment
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_range r on r.rngtypid = t.oid join pg_type b on b.oid = r.rngsubtype
    join pg_type m on m.oid = r.rngmultitypid join pg_namespace mn on mn.oid = m.typnamespace
    where t.typtype = 'r' and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_type", "t.oid")}`,
  read: row => commented({
    address: `pg_type:${row.oid}:0`, aliases: row.others.map(oid => `pg_type:${oid}:0`),
    object: { id: id("range type", row.key), kind: "range type", key: row.key, parent: null, detail: list(row), data: row, rank: Number(row.oid) },
  }, `TYPE ${qualified(row)}`, row.comment),
}

const list = (data: RangeData): string => [
  `SUBTYPE = ${data.subtype}`,
  ...(data.opclass === null ? [] : [`SUBTYPE_OPCLASS = ${data.opclass}`]),
  ...(data.collation === null ? [] : [`COLLATION = ${data.collation}`]),
  ...(data.canonical === null ? [] : [`CANONICAL = ${data.canonical}`]),
  ...(data.difference === null ? [] : [`SUBTYPE_DIFF = ${data.difference}`]),
  `MULTIRANGE_TYPE_NAME = ${qualified(data.multirange)}`,
].join(", ")

const make = (data: RangeData) => `CREATE TYPE ${qualified(data)} AS RANGE (${list(data)})`

/** The old type's multirange and constructors have to step aside too: their names are taken until the old type goes. */
function swapRange({ data: w }: CatalogObject<RangeData>, { data: h }: CatalogObject<RangeData>): Swap {
  const [old, many] = [asideOf(h), asideOf(h.multirange)]
  const via = (to: Named) => (column: string, array: boolean) => `${column}::text${array ? "[]" : ""}::${qualified(to)}${array ? "[]" : ""}`
  const { statements: [rename, ...rest], sweep } = swapType(w, [make(w)], h.columns, via(w))
  return {
    statements: [
      rename!, `ALTER TYPE ${qualified(h.multirange)} RENAME TO ${ident(many.name)}`,
      constructorsAside(old), constructorsAside(many),
      ...rest, ...swapType(w.multirange, [], h.multirangeColumns, via(w.multirange)).statements.slice(1),
    ],
    sweep,
  }
}

/** Found by what they belong to: the types of their arguments may have stepped aside too. */
const constructorsAside = (type: Named): string => `DO $range$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT objid FROM pg_catalog.pg_depend WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_type'::regclass AND refobjid = ${literal(qualified(type))}::regtype AND deptype = 'i' LOOP
    EXECUTE format('ALTER FUNCTION %s RENAME TO %I', f, ${literal(type.name)});
  END LOOP;
END $range$`

export const range: Writer<RangeData> = {
  create: ({ data }) => [make(data)],
  drop: ({ data }) => [`DROP TYPE ${qualified(data)}`],
  swap: swapRange,
  rename: (have, want) => `ALTER TYPE ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
