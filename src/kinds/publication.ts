import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { commented, id, HOME, qualified, type Named, type Reader, type Writer } from "./kind.ts"

interface Published extends Named { readonly columns: readonly string[] | null; readonly where: string | null }
export interface PublicationData {
  readonly name: string
  readonly all: boolean
  readonly tables: readonly Published[]
  /** Schemas that are published whole (15 and later); `null` for the home schema. */
  readonly schemas: readonly (string | null)[]
  readonly options: readonly string[]
}
interface Row extends PublicationData { readonly oid: string; readonly relOids: readonly string[]; readonly comment: string | null }

export const publicationReader: Reader<Row> = {
  query: `
    select p.oid::int8::text as oid, p.pubname as name, p.puballtables as all,
      coalesce((select json_agg(json_build_object('schema', ${HOME("n")}, 'name', c.relname, 'where', member.filter,
          'columns', (select json_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (member.list::int2[]))) order by n.nspname, c.relname)
        from (select null::pg_node_tree as prqual, null::int2vector as prattrs) none
        -- on 14 the two names are those of \`none\`
        cross join lateral (select r.prrelid, pg_get_expr(prqual, r.prrelid) as filter, prattrs as list from pg_publication_rel r where r.prpubid = p.oid) member
        join pg_class c on c.oid = member.prrelid join pg_namespace n on n.oid = c.relnamespace), '[]') as tables,
      coalesce((select json_agg(r.oid::int8::text) from pg_publication_rel r where r.prpubid = p.oid), '[]') as "relOids",
      coalesce((select json_agg(${HOME("n")} order by n.nspname) from pg_depend d join pg_depend s on s.classid = d.classid and s.objid = d.objid and s.refclassid = 'pg_namespace'::regclass
        join pg_namespace n on n.oid = s.refobjid
        where d.classid = to_regclass('pg_catalog.pg_publication_namespace') and d.refclassid = 'pg_publication'::regclass and d.refobjid = p.oid), '[]') as schemas,
      array_to_json(array_remove(array[
        case when not (p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate) then 'publish = ' || quote_literal(array_to_string(array_remove(array[
          case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end], null), ', ')) end,
        case when p.pubviaroot then 'publish_via_partition_root = true' end,
        case when to_jsonb(p) ->> 'pubgencols' in ('s', 'true') then 'publish_generated_columns = stored' end], null)) as options,
      obj_description(p.oid, 'pg_publication') as comment
    from pg_publication p
    where not exists (select from pg_depend e where e.classid = 'pg_publication'::regclass and e.objid = p.oid and e.deptype = 'e')`,
  read: row => commented({
    address: `pg_publication:${row.oid}:0`, aliases: row.relOids.map(oid => `pg_publication_rel:${oid}:0`),
    object: { id: id("publication", row.name), kind: "publication", key: row.name, parent: null, detail: `${scope(row)}${options(row)}`, data: row, rank: Number(row.oid) },
  }, `PUBLICATION ${ident(row.name)}`, row.comment),
}

const published = (table: Published) =>
  `${qualified(table)}${table.columns === null ? "" : ` (${table.columns.map(ident).join(", ")})`}${table.where === null ? "" : ` WHERE ${table.where}`}`

const members = (data: PublicationData): string[] => [
  ...(data.tables.length === 0 ? [] : [`TABLE ${data.tables.map(published).join(", ")}`]),
  ...(data.schemas.length === 0 ? [] : [`TABLES IN SCHEMA ${data.schemas.map(schema => (schema === null ? "CURRENT_SCHEMA" : ident(schema))).join(", ")}`]),
]

function scope(data: PublicationData): string {
  if (data.all) return "FOR ALL TABLES"
  return members(data).length === 0 ? "" : `FOR ${members(data).join(", ")}`
}

const options = (data: PublicationData) => (data.options.length === 0 ? "" : ` WITH (${data.options.join(", ")})`)
const every = (data: PublicationData) => ["publish = 'insert, update, delete, truncate'", "publish_via_partition_root = false"]
  .map(usual => data.options.find(option => option.split(" ")[0] === usual.split(" ")[0]) ?? usual).concat(data.options.filter(option => option.startsWith("publish_generated")))

function alter({ data: w }: CatalogObject<PublicationData>, { data: h }: CatalogObject<PublicationData>): string[] | null {
  if (w.all || h.all) return w.all === h.all && scope(w) === scope(h) ? [`ALTER PUBLICATION ${ident(w.name)} SET (${every(w).join(", ")})`] : null
  const generated = (data: PublicationData) => data.options.some(option => option.startsWith("publish_generated"))
  if (members(w).length === 0 || generated(w) !== generated(h)) return null
  return [
    ...(scope(w) === scope(h) ? [] : [`ALTER PUBLICATION ${ident(w.name)} SET ${members(w).join(", ")}`]),
    ...(options(w) === options(h) ? [] : [`ALTER PUBLICATION ${ident(w.name)} SET (${every(w).join(", ")})`]),
  ]
}

export const publication: Writer<PublicationData> = {
  create: ({ data }) => [`CREATE PUBLICATION ${ident(data.name)}${scope(data) === "" ? "" : ` ${scope(data)}`}${options(data)}`],
  drop: ({ data }) => [`DROP PUBLICATION ${ident(data.name)}`],
  alter,
  rename: (have, want) => `ALTER PUBLICATION ${ident(have.data.name)} RENAME TO ${ident(want.data.name)}`,
}
