import { ident } from "../core/ident.ts"
import type { Query } from "../core/types.ts"

/** What an extension brings, told so that another PostgreSQL can put something of the same names in its place. */
export interface StandIn {
  readonly name: string
  readonly version: string
  /** Each stands alone; those that do not run there are left out. */
  readonly statements: readonly string[]
}

interface Row { readonly kind: "type" | "domain" | "function" | "operator" | "operator class"; readonly name: string; readonly args: string | null; readonly result: string | null; readonly extra: string | null }

/**
 * Reads the members of an extension that is installed here: types as texts with whatever modifiers, domains without their checks, functions and operators without a body, operator classes of
 * two access methods. Enough to make tables, views, functions and indexes that need them, not to run anything.
 */
export async function standInOf(query: Query, extension: string): Promise<StandIn | null> {
  const [found] = await query<{ version: string; schema: string }>(
    "select e.extversion as version, n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = $1", [extension])
  if (!found) return null
  // names are printed as the extension's own schema sees them, because there the script runs
  const [before] = await query<{ path: string }>("select current_setting('search_path') as path, set_config('search_path', quote_ident($1), false)", [found.schema])
  try {
    const rows = await query<Row>(MEMBERS, [extension])
    return { name: extension, version: found.version, statements: rows.flatMap(statementsFor) }
  } finally {
    await query("select set_config('search_path', $1, false)", [before!.path])
  }
}

const MEMBER = (catalog: string, oid: string): string => `exists (select from pg_depend d join pg_extension e on e.oid = d.refobjid
  where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e' and e.extname = $1)`

const MEMBERS = `
  select 'type' as kind, t.typname as name, null as args, null as result, (t.typmodin <> 0)::text as extra
    from pg_type t where t.typtype = 'b' and t.typelem = 0 and ${MEMBER("pg_type", "t.oid")}
  union all
  select 'domain', t.typname, null, format_type(t.typbasetype, t.typtypmod), null
    from pg_type t where t.typtype = 'd' and ${MEMBER("pg_type", "t.oid")}
  union all
  select 'function', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end
    from pg_proc p where p.prokind = 'f' and ${MEMBER("pg_proc", "p.oid")}
  union all
  select 'operator', o.oprname, case when o.oprleft = 0 then null else format_type(o.oprleft, null) end, format_type(o.oprright, null), p.proname
    from pg_operator o join pg_proc p on p.oid = o.oprcode where ${MEMBER("pg_operator", "o.oid")}
  union all
  select 'operator class', c.opcname, format_type(c.opcintype, null), m.amname, c.opcdefault::text
    from pg_opclass c join pg_am m on m.oid = c.opcmethod where ${MEMBER("pg_opclass", "c.oid")}`

function statementsFor({ kind, name, args, result, extra }: Row): readonly string[] {
  switch (kind) {
    case "type": return typeStatements(name, extra === "true")
    case "domain": return [`create domain ${ident(name)} as ${result}`]
    case "function": return result === null ? [] : [`create function ${ident(name)}(${args}) returns ${result} language plpgsql ${extra} as ''`]
    case "operator": return [`create operator ${name} (${args === null ? "" : `leftarg = ${args}, `}rightarg = ${result}, function = ${ident(extra!)})`]
    case "operator class": return classStatements(name, args!, result!, extra === "true")
  }
}

/** A text under another name. Its modifiers, words or numbers, become a number that is the same for the same words. */
function typeStatements(name: string, modifiers: boolean): readonly string[] {
  const type = ident(name)
  const [read, write, modify] = [ident(`${name.slice(0, 50)}_si_in`), ident(`${name.slice(0, 50)}_si_out`), ident(`${name.slice(0, 50)}_si_mod`)]
  return [
    `create type ${type}; create function ${read}(cstring) returns ${type} language internal immutable strict as 'textin';
create function ${write}(${type}) returns cstring language internal immutable strict as 'textout'; ${modifiers
  ? `create function ${modify}(cstring[]) returns int language sql immutable strict as $$ select abs(hashtext(lower(array_to_string($1, ','))) / 2) $$; ` : ""}
create type ${type} (input = ${read}, output = ${write}, like = text, collatable = true${modifiers ? `, typmod_in = ${modify}` : ""}); create cast (${type} as text) without function as implicit`,
  ]
}

/** Functions of PostgreSQL itself that an access method wants to see; on an empty table none is called. */
const SUPPORT: Readonly<Record<string, string | undefined>> = {
  gist: `function 1 gist_box_consistent(internal, box, smallint, oid, internal), function 2 gist_box_union(internal, internal), function 5 gist_box_penalty(internal, internal, internal),
    function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal), storage box`,
  gin: `function 1 bttextcmp(text, text), function 2 ginarrayextract(anyarray, internal, internal), function 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal),
    function 4 ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal, internal), storage text`,
}

/** A type that is a text takes the default classes of text; only classes that are named need to be there. */
function classStatements(name: string, type: string, method: string, isDefault: boolean): readonly string[] {
  const head = `create operator class ${ident(name)}${isDefault ? " default" : ""} for type ${type} using ${method} as`
  if (SUPPORT[method] !== undefined) return [`${head} ${SUPPORT[method]}`]
  if (isDefault) return []
  if (method === "btree") return [`${head} function 1 (${type}, ${type}) bttextcmp(text, text)`]
  return method === "hash" ? [`${head} function 1 (${type}, ${type}) hashtext(text)`] : []
}
