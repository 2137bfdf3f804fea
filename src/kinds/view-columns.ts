import type { Query } from "../core/types.ts"
import type { ColumnRow } from "./column.ts"
import { KEY, NOT_EXTENSION, USER_SCHEMA } from "./kind.ts"

/** A column of a view: no object of its own, because the view's query decides it. */
export interface ViewColumn extends Pick<ColumnRow, "name" | "type" | "typeName"> {
  /** Key of the view. */
  readonly view: string
}

/** The columns of all views, in their order. The query's `search_path` must be `home`. */
export function viewColumns(query: Query, home: string): Promise<readonly ViewColumn[]> {
  return query<ViewColumn>(`
    select ${KEY("n", "c.relname")} as view, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
      case when t.typnamespace = 'pg_catalog'::regnamespace then t.typname::text end as "typeName"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
    where c.relkind in ('v', 'm') and ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_class", "c.oid")}
    order by 1, a.attnum`, [home])
}
