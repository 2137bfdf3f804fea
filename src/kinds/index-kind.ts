import { ident } from "../core/ident.ts"
import { COLUMN, COMMENT, commented, HOME, id, KEY, NOT_LEDGER, OPTIONS, qualified, relationKind, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface IndexPart {
  readonly column: string | null; /** `null` where `column` says it. */ readonly expression: string | null; readonly collation: string | null; readonly opclass: string | null
  readonly descending: boolean; readonly nullsFirst: boolean
}
/** An index taken apart, for those who do not write SQL. */
export interface IndexShape {
  readonly method: string
  readonly parts: readonly IndexPart[]
  readonly predicate: string | null
  /** `fillfactor=70` */
  readonly options: readonly string[]
}
export interface IndexData extends Named {
  readonly shape: IndexShape
  readonly table: Named
  readonly unique: boolean
  /** `false`: a CONCURRENTLY that broke off left it behind; no query uses it. */
  readonly valid: boolean
  readonly expressive: boolean
  /** From ON on, without the name: `"np_documents" ("user_id")`. */
  readonly clause: string
  /** `clause` without INCLUDE and NULLS NOT DISTINCT, which Drizzle has no words for. */
  readonly bare: string
}
interface Row extends Named {
  readonly oid: string; readonly key: string; readonly tableKey: string; readonly tableSchema: string | null; readonly table: string; readonly tableKind: string
  readonly unique: boolean; readonly valid: boolean; readonly nullsDistinct: boolean; readonly method: string; readonly ordered: boolean
  readonly parts: readonly IndexPart[]; readonly include: readonly string[]; readonly predicate: string | null; readonly options: readonly string[]; readonly comment: string | null
  /** Key of the partitioned table's index that this one is a part of. */
  readonly whole: string | null
}

export const indexReader: Reader<Row> = {
  query: `
    select i.oid::int8::text as oid, ${KEY("n", "i.relname")} as key, ${HOME("n")} as schema, i.relname as name, ${KEY("n", "c.relname")} as "tableKey",
      ${HOME("n")} as "tableSchema", c.relname as table, c.relkind as "tableKind", x.indisunique as unique, x.indisvalid as valid,
      -- on 14 the name is that of \`none\`
      case when x.indisunique then (select not indnullsnotdistinct from pg_index y where y.indexrelid = x.indexrelid) else true end as "nullsDistinct", m.amname as method, pg_indexam_has_property(m.oid, 'can_order') as ordered,
      (select json_agg(json_build_object('column', a.attname, 'expression', case when a.attname is null then pg_get_indexdef(i.oid, p.k, true) end,
          'collation', (select quote_ident(l.collname) from pg_collation l where l.oid = x.indcollation[p.k - 1] and x.indcollation[p.k - 1] <> coalesce(a.attcollation, ia.attcollation, 100)),
          'opclass', case when x.indclass[p.k - 1] in (select o.oid from pg_opclass o where not o.opcdefault) then (select quote_ident(o.opcname) from pg_opclass o where o.oid = x.indclass[p.k - 1]) end,
          'descending', x.indoption[p.k - 1] & 1 = 1, 'nullsFirst', x.indoption[p.k - 1] & 2 = 2) order by p.k)
        -- "offset 0": two looks into an index; joined, PostgreSQL would read all columns of the table for each index
        from generate_series(1, x.indnkeyatts) p(k) left join lateral (select t.attname, t.attcollation from pg_attribute t where t.attrelid = c.oid and t.attnum = x.indkey[p.k - 1] and t.attnum > 0 offset 0) a on true
        left join lateral (select t.attcollation from pg_attribute t where t.attrelid = i.oid and t.attnum = p.k offset 0) ia on true) as parts,
      case when x.indnatts = x.indnkeyatts then '[]'::json else (select json_agg(${COLUMN("c.oid", "x.indkey[p.k - 1]")} order by p.k) from generate_series(x.indnkeyatts + 1, x.indnatts) p(k)) end as include,
      pg_get_expr(x.indpred, x.indrelid, true) as predicate, ${OPTIONS("i.reloptions")} as options, ${COMMENT("pg_class", "i.oid")} as comment,
      case when i.relispartition then (select ${KEY("wn", "w.relname")} from pg_inherits h join pg_class w on w.oid = h.inhparent join pg_namespace wn on wn.oid = w.relnamespace where h.inhrelid = i.oid) end as whole
    from pg_index x join pg_class i on i.oid = x.indexrelid join ${RELATIONS} c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace join pg_am m on m.oid = i.relam
    cross join (select false as indnullsnotdistinct) none
    where c.relkind in ('r', 'p', 'm') and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")}
      and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))
      and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`,
  read(row) {
    const data: IndexData = {
      schema: row.schema, name: row.name, table: { schema: row.tableSchema, name: row.table }, unique: row.unique, valid: row.valid,
      expressive: row.predicate !== null || row.parts.some(part => part.column === null), clause: clause(row), bare: clause({ ...row, include: [], nullsDistinct: true }),
      shape: { method: row.method, parts: row.parts, predicate: row.predicate, options: row.options },
    }
    const implied = row.whole === null ? null : { by: id("partition", row.tableKey), from: id("index", row.whole), detail: "", needed: false, local: false }
    return commented({
      address: `pg_class:${row.oid}:0`, ...(implied ? { needs: [implied.from] } : {}),
      object: {
        id: id("index", row.key), kind: "index", key: row.key, parent: id(relationKind(row.tableKind), row.tableKey),
        ...(implied ? { implied } : {}),
        detail: `${row.unique ? "UNIQUE " : ""}${row.valid ? "" : "INVALID "}${data.clause}`, data, rank: Number(row.oid),
      },
    }, `INDEX ${qualified(row)}`, row.comment)
  },
}

function partText(row: Row, part: IndexPart): string {
  const order = !row.ordered ? "" : part.descending ? ` DESC${part.nullsFirst ? "" : " NULLS LAST"}` : part.nullsFirst ? " NULLS FIRST" : ""
  // PostgreSQL brackets an expression where brackets are needed, a bare function call is fine without
  const base = part.column === null ? part.expression! : ident(part.column)
  return `${base}${part.collation === null ? "" : ` COLLATE ${part.collation}`}${part.opclass === null ? "" : ` ${part.opclass}`}${order}`
}

/** On one line where it is short to say, with WHERE on a line of its own as the spec writes it. */
function clause(row: Row): string {
  const on = qualified({ schema: row.tableSchema, name: row.table })
  const tail = [
    row.include.length > 0 ? ` INCLUDE (${row.include.map(ident).join(",")})` : "",
    row.nullsDistinct ? "" : " NULLS NOT DISTINCT",
    row.options.length > 0 ? ` WITH (${row.options.join(", ")})` : "",
  ].join("")
  return `${on}${row.method === "btree" ? "" : ` USING ${row.method}`} (${row.parts.map(part => partText(row, part)).join(",")})${tail}${row.predicate === null ? "" : `\n  WHERE ${row.predicate}`}`
}

export const index: Writer<IndexData> = {
  create: ({ data }) => [`CREATE ${data.unique ? "UNIQUE " : ""}INDEX ${ident(data.name)}${data.clause.includes("\n") ? "\n  " : " "}ON ${data.clause}`],
  // for a parent's index PostgreSQL takes a fitting one that a partition has already, instead of making one
  drop: ({ data, implied }) => [`DROP INDEX ${implied ? "IF EXISTS " : ""}${qualified(data)}`],
  rename: (have, want) => `ALTER INDEX ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
