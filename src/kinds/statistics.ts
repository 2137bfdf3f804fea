import { ident } from "../core/ident.ts"
import { commented, HOME, id, KEY, NOT_EXTENSION, qualified, relationKind, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface StatisticsData extends Named {
  readonly table: Named
  /** Words in brackets; none for an expression alone. */
  readonly kinds: readonly string[]
  readonly columns: string
  /** How much is sampled; `null` for what the columns have. */
  readonly target: number | null
}
interface Row extends StatisticsData { readonly oid: string; readonly key: string; readonly tableKey: string; readonly tableKind: string; readonly comment: string | null }

export const statisticsReader: Reader<Row> = {
  query: `
    select s.oid::int8::text as oid, ${KEY("n", "s.stxname")} as key, ${HOME("n")} as schema, s.stxname as name, ${KEY("cn", "c.relname")} as "tableKey", c.relkind as "tableKind",
      json_build_object('schema', ${HOME("cn")}, 'name', c.relname) as table, pg_get_statisticsobjdef_columns(s.oid) as columns, nullif(s.stxstattarget, -1) as target,
      coalesce((select json_agg(k.word order by k.word) from (select case u.k when 'd' then 'ndistinct' when 'f' then 'dependencies' when 'm' then 'mcv' end as word
        from unnest(s.stxkind) u(k)) k where k.word is not null), '[]') as kinds,
      obj_description(s.oid, 'pg_statistic_ext') as comment
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace join pg_class c on c.oid = s.stxrelid join pg_namespace cn on cn.oid = c.relnamespace
    where ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_statistic_ext", "s.oid")}`,
  read: row => commented({
    address: `pg_statistic_ext:${row.oid}:0`,
    object: {
      id: id("statistics", row.key), kind: "statistics", key: row.key, parent: id(relationKind(row.tableKind), row.tableKey),
      detail: `${clause(row)}${row.target === null ? "" : ` STATISTICS ${row.target}`}`, data: row, rank: Number(row.oid),
    },
  }, `STATISTICS ${qualified(row)}`, row.comment),
}

const clause = (data: StatisticsData) => `${data.kinds.length === 0 ? "" : `(${data.kinds.join(", ")}) `}ON ${data.columns} FROM ${qualified(data.table)}`
const target = (data: StatisticsData) => `ALTER STATISTICS ${qualified(data)} SET STATISTICS ${data.target ?? -1}`

export const statistics: Writer<StatisticsData> = {
  create: ({ data }) => [`CREATE STATISTICS ${qualified(data)} ${clause(data)}`, ...(data.target === null ? [] : [target(data)])],
  drop: ({ data }) => [`DROP STATISTICS ${qualified(data)}`],
  alter: (want, have) => (clause(want.data) === clause(have.data) ? [target(want.data)] : null),
  rename: (have, want) => `ALTER STATISTICS ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
