import { ident } from "../core/ident.ts"
import { linkId } from "./inheritance.ts"
import { COLUMN, COMMENT, commented, HOME, id, KEY, NOT_LEDGER, OPTIONS, qualified, relationKind, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface ConstraintData {
  readonly table: Named
  readonly name: string
  readonly type: "p" | "u" | "c" | "f" | "x"
  readonly columns: readonly string[]
  /** The referenced table of a foreign key. */
  readonly target: (Named & { readonly key: string; readonly columns: readonly string[] }) | null
  readonly deferrable: boolean
  /** `pg_constraint`'s letters: a no action, r restrict, c cascade, n set null, d set default. */
  readonly onDelete: string
  readonly onUpdate: string
  /** True where only PostgreSQL's own text says it all (checks, exclusions, INCLUDE, storage options). */
  readonly verbatim: boolean
  /** What stands behind CONSTRAINT "name". */
  readonly clause: string
}
interface Row {
  readonly oid: string; readonly name: string; readonly tableKey: string; readonly schema: string | null; readonly table: string; readonly relkind: string
  readonly type: ConstraintData["type"]; /** Only where `plain` is false, and of checks and exclusions. */ readonly definition: string; readonly columns: readonly string[]; readonly plain: boolean; readonly nullsDistinct: boolean
  readonly target: ConstraintData["target"]; readonly predicate: string | null; readonly options: readonly string[]; readonly onDelete: string; readonly onUpdate: string; readonly match: string
  readonly deferrable: boolean; readonly deferred: boolean; readonly validated: boolean; readonly comment: string | null
  /** The parent table's constraint that hands this one down. */
  readonly inherited: { readonly key: string; readonly bound: string | null; readonly name: string; readonly local: boolean } | null
}

export const constraintReader: Reader<Row> = {
  query: `
    select k.oid::int8::text as oid, k.conname as name, ${KEY("n", "c.relname")} as "tableKey", ${HOME("n")} as schema, c.relname as table, c.relkind as relkind, k.contype as type,
      case when k.contype in ('c', 'x') or not parts.plain then pg_get_constraintdef(k.oid, true) end as definition, k.condeferrable as deferrable, k.condeferred as deferred, k.convalidated as validated,
      k.confdeltype as "onDelete", k.confupdtype as "onUpdate", k.confmatchtype as match,
      coalesce((select json_agg(${COLUMN("k.conrelid", "u.num")} order by u.ord) filter (where u.num > 0) from unnest(k.conkey) with ordinality u(num, ord)), '[]') as columns,
      parts.plain,
      pg_get_expr(x.indpred, x.indrelid, true) as predicate, ${OPTIONS("i.reloptions")} as options,
      case when k.contype = 'u' then (select not indnullsnotdistinct from pg_index y where y.indexrelid = k.conindid) else true end as "nullsDistinct",
      case when k.contype = 'f' then (select json_build_object('schema', ${HOME("fn")}, 'name', f.relname, 'key', ${KEY("fn", "f.relname")}, 'columns',
          (select json_agg(${COLUMN("f.oid", "u.num")} order by u.ord) from unnest(k.confkey) with ordinality u(num, ord)))
        from pg_class f join pg_namespace fn on fn.oid = f.relnamespace where f.oid = k.confrelid) end as target,
      case when k.coninhcount > 0 then (select json_build_object('key', ${KEY("pn", "pc.relname")}, 'bound', case when c.relispartition then '' end, 'name', pk.conname, 'local', k.conislocal)
        from pg_inherits h join pg_class pc on pc.oid = h.inhparent join pg_namespace pn on pn.oid = pc.relnamespace join pg_constraint pk on pk.conrelid = pc.oid
        where h.inhrelid = c.oid and (pk.oid = k.conparentid or k.conparentid = 0 and pk.conname = k.conname) order by h.inhseqno limit 1) end as inherited,
      ${COMMENT("pg_constraint", "k.oid")} as comment
    from pg_constraint k join ${RELATIONS} c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_index x on x.indexrelid = k.conindid and k.contype in ('p', 'u', 'x') left join pg_class i on i.oid = x.indexrelid
    -- what an older major has not is what \`none\` says
    cross join (select false as indnullsnotdistinct, null::int2[] as confdelsetcols, false as conperiod, true as conenforced) none
    -- no INCLUDE, no storage options, no SET NULL (columns), no WITHOUT OVERLAPS: then its parts say it all
    cross join lateral (select coalesce(i.reloptions is null and x.indnatts = x.indnkeyatts and not x.indisexclusion, true)
      and (k.contype in ('c', 'x') or (select confdelsetcols is null and not conperiod and conenforced from pg_constraint y where y.oid = k.oid)) as plain) parts
    -- a foreign key to a partitioned table has a part for every partition of it
    where (k.conparentid = 0 or not exists (select from pg_constraint w where w.oid = k.conparentid and w.conrelid = k.conrelid)) and k.contype in ('p', 'u', 'c', 'f', 'x') and ${USER_SCHEMA("n")} and ${NOT_LEDGER("c")}
      and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`,
  read(row) {
    const data = dataOf(row)
    const key = `${row.tableKey}.${row.name}`
    const implied = row.inherited && { by: linkId(row.tableKey, row.inherited), from: id("constraint", `${row.inherited.key}.${row.inherited.name}`), detail: "", needed: row.type === "c", local: row.inherited.local }
    return commented({
      address: `pg_constraint:${row.oid}:0`,
      object: { id: id("constraint", key), kind: "constraint", key, parent: id(relationKind(row.relkind), row.tableKey), detail: data.clause, data, rank: Number(row.oid), ...(implied ? { implied } : {}) },
      ...(implied ? { needs: [implied.from] } : {}),
    }, `CONSTRAINT ${ident(row.name)} ON ${qualified(data.table)}`, row.comment)
  },
}

function dataOf(row: Row): ConstraintData {
  const verbatim = row.type === "c" || row.type === "x" || !row.plain
  const { name, type, columns, target, deferrable, onDelete, onUpdate } = row
  return { table: { schema: row.schema, name: row.table }, name, type, columns, target, deferrable, onDelete, onUpdate, verbatim, clause: verbatim ? printed(row) : clause(row) }
}

const list = (names: readonly string[]) => names.map(ident).join(",")
const ACTION: Record<string, string> = { r: "RESTRICT", c: "CASCADE", n: "SET NULL", d: "SET DEFAULT" }

/** PostgreSQL's own text leaves the storage options out; they stand in front of WHERE and of the timing. */
function printed(row: Row): string {
  if (row.options.length === 0) return row.definition
  const tail = (row.predicate === null ? "" : ` WHERE (${row.predicate})`) + timing(row)
  const head = row.definition.endsWith(tail) ? row.definition.slice(0, row.definition.length - tail.length) : row.definition
  return `${head} WITH (${row.options.join(", ")})${tail}`
}

const timing = (row: Row): string => (row.deferrable ? ` DEFERRABLE${row.deferred ? " INITIALLY DEFERRED" : ""}` : "")

function clause(row: Row): string {
  if (row.type === "p") return `PRIMARY KEY (${list(row.columns)})${timing(row)}`
  if (row.type === "u") return `UNIQUE${row.nullsDistinct ? "" : " NULLS NOT DISTINCT"} (${list(row.columns)})${timing(row)}`
  return [
    `FOREIGN KEY (${list(row.columns)}) REFERENCES ${qualified(row.target!)}(${list(row.target!.columns)})`,
    row.match === "f" ? " MATCH FULL" : "",
    ACTION[row.onDelete] ? ` ON DELETE ${ACTION[row.onDelete]}` : "",
    ACTION[row.onUpdate] ? ` ON UPDATE ${ACTION[row.onUpdate]}` : "",
    timing(row),
    row.validated ? "" : " NOT VALID",
  ].join("")
}

const on = (data: ConstraintData) => `ALTER TABLE ${qualified(data.table)}`

export const constraint: Writer<ConstraintData> = {
  create: ({ data }) => [`${on(data)} ADD CONSTRAINT ${ident(data.name)} ${data.clause}`],
  drop: ({ data }) => [`${on(data)} DROP CONSTRAINT ${ident(data.name)}`],
  alter: (want, have) => (`${want.data.clause} NOT VALID` === have.data.clause ? [`${on(want.data)} VALIDATE CONSTRAINT ${ident(want.data.name)}`] : null),
  rename: (have, want) => `${on(have.data)} RENAME CONSTRAINT ${ident(have.data.name)} TO ${ident(want.data.name)}`,
}
