import { ident } from "../core/ident.ts"
import { COMMENT, commented, HOME, id, KEY, NOT_EXTENSION, NOT_LEDGER, qualified, RELATIONS, USER_SCHEMA, type Entry, type Named, type Reader, type Writer } from "./kind.ts"

export interface SequenceData extends Named {
  readonly type: string
  readonly start: string
  readonly increment: string
  readonly min: string
  readonly max: string
  readonly cache: string
  readonly cycle: boolean
  readonly owner: { readonly table: string; readonly tableKey: string; readonly schema: string | null; readonly column: string } | null
}
interface Row extends SequenceData { readonly oid: string; readonly key: string; readonly comment: string | null }

export const sequenceReader: Reader<Row> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.relname")} as key, ${HOME("n")} as schema, c.relname as name,
      format_type(s.seqtypid, null) as type, s.seqstart::text as start, s.seqincrement::text as increment, s.seqmin::text as min, s.seqmax::text as max,
      s.seqcache::text as cache, s.seqcycle as cycle, ${COMMENT("pg_class", "c.oid")} as comment,
      (select json_build_object('table', t.relname, 'tableKey', ${KEY("tn", "t.relname")}, 'schema', ${HOME("tn")}, 'column', a.attname)
        from pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
        join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'a' and d.refclassid = 'pg_class'::regclass) as owner
    from ${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
    where ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')`,
  read: row => [...commented({
    address: `pg_class:${row.oid}:0`,
    object: { id: id("sequence", row.key), kind: "sequence", key: row.key, parent: null, detail: sequenceOptions(row), data: row, rank: Number(row.oid) },
  }, `SEQUENCE ${qualified(row)}`, row.comment), ...owner(row)],
}

function owner(row: Row): Entry[] {
  if (row.owner === null) return []
  const column = `${row.owner.tableKey}.${row.owner.column}`
  return [{
    address: `owner:${row.oid}`,
    object: { id: id("sequence owner", row.key), kind: "sequence owner", key: row.key, parent: id("sequence", row.key), detail: column, data: row, rank: Number(row.oid) },
  }]
}

/** ` AS integer INCREMENT BY 2 …`, only what differs from a plain CREATE SEQUENCE; what is left out is the default of its type. */
export function sequenceOptions(data: Omit<SequenceData, "owner" | "schema" | "name">): string {
  const up = !data.increment.startsWith("-")
  const top = { smallint: "32767", integer: "2147483647" }[data.type] ?? "9223372036854775807"
  const bottom = { smallint: "-32768", integer: "-2147483648" }[data.type] ?? "-9223372036854775808"
  const min = up ? "1" : bottom
  const max = up ? top : "-1"
  return [
    data.type === "bigint" ? "" : `AS ${data.type}`,
    data.increment === "1" ? "" : `INCREMENT BY ${data.increment}`,
    data.min === min ? "" : `MINVALUE ${data.min}`,
    data.max === max ? "" : `MAXVALUE ${data.max}`,
    data.start === (up ? data.min : data.max) ? "" : `START WITH ${data.start}`,
    data.cache === "1" ? "" : `CACHE ${data.cache}`,
    data.cycle ? "CYCLE" : "",
  ].filter(Boolean).join(" ")
}

const full = (data: SequenceData) =>
  `AS ${data.type} INCREMENT BY ${data.increment} MINVALUE ${data.min} MAXVALUE ${data.max} START WITH ${data.start} CACHE ${data.cache} ${data.cycle ? "CYCLE" : "NO CYCLE"}`

export const sequence: Writer<SequenceData> = {
  create: ({ data, detail }) => [`CREATE SEQUENCE ${qualified(data)}${detail === "" ? "" : ` ${detail}`}`],
  drop: ({ data }) => [`DROP SEQUENCE ${qualified(data)}`],
  alter: (want, have) => [...moveInside(have.key, `ALTER SEQUENCE ${qualified(have.data)}`, want.data, have.data), `ALTER SEQUENCE ${qualified(want.data)} ${full(want.data)}${apart(want.data, have.data) ? " RESTART" : ""}`],
  rename: (have, want) => `ALTER SEQUENCE ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}

/** True where no position of the old sequence is one of the new: PostgreSQL refuses to keep a position out of bounds. */
const apart = (want: SequenceData, have: SequenceData): boolean => BigInt(want.max) < BigInt(have.min) || BigInt(want.min) > BigInt(have.max)

type Bounds = Pick<SequenceData, "min" | "max" | "start">

/**
 * Where the old start is no number of the new sequence, the position may be none either, and PostgreSQL would refuse: only then it moves, to a
 * number of both. By RESTART and not by setval, which no rollback takes back.
 *
 * @param alteration  how a statement about it begins: `ALTER SEQUENCE s`, `ALTER TABLE t ALTER COLUMN id`
 */
export function moveInside(name: string, alteration: string, want: Bounds, have: Bounds): string[] {
  const [min, max] = [most(want.min, have.min), least(want.max, have.max)]
  const inside = (number: bigint) => number >= BigInt(want.min) && number <= BigInt(want.max)
  if (min > max || inside(BigInt(have.start))) return []
  const start = BigInt(want.start) < min ? min : BigInt(want.start) > max ? max : BigInt(want.start)
  return [`DO $move$ BEGIN\n  IF (SELECT last_value NOT BETWEEN ${want.min} AND ${want.max} FROM ${name}) THEN ${alteration} RESTART WITH ${start}; END IF;\nEND $move$`]
}

const most = (a: string, b: string): bigint => (BigInt(a) > BigInt(b) ? BigInt(a) : BigInt(b))
const least = (a: string, b: string): bigint => (BigInt(a) < BigInt(b) ? BigInt(a) : BigInt(b))

const ownedBy = (data: SequenceData) =>
  [`ALTER SEQUENCE ${qualified(data)} OWNED BY ${qualified({ schema: data.owner!.schema, name: data.owner!.table })}.${ident(data.owner!.column)}`]

export const sequenceOwner: Writer<SequenceData> = {
  create: ({ data }) => ownedBy(data),
  drop: ({ data }) => [`ALTER SEQUENCE ${qualified(data)} OWNED BY NONE`],
  alter: want => ownedBy(want.data),
}
