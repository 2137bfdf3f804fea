import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { commented, HOME, id, KEY, NAMED, NOT_EXTENSION, qualified, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface DictionaryData extends Named { readonly template: string; readonly options: string | null }
interface DictionaryRow extends DictionaryData { readonly oid: string; readonly key: string; readonly comment: string | null }
export interface ConfigurationData extends Named {
  readonly parser: string
  /** By token type: the dictionaries it is looked up in, in order. */
  readonly mappings: readonly { readonly token: string; readonly dictionaries: readonly string[] }[]
}
interface ConfigurationRow extends ConfigurationData { readonly oid: string; readonly key: string; readonly comment: string | null }

export const dictionaryReader: Reader<DictionaryRow> = {
  query: `
    select d.oid::int8::text as oid, ${KEY("n", "d.dictname")} as key, ${HOME("n")} as schema, d.dictname as name, d.dictinitoption as options,
      (select ${NAMED("tn", "t.tmplname")} from pg_ts_template t join pg_namespace tn on tn.oid = t.tmplnamespace where t.oid = d.dicttemplate) as template,
      obj_description(d.oid, 'pg_ts_dict') as comment
    from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace
    where ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_ts_dict", "d.oid")}`,
  read: row => commented({
    address: `pg_ts_dict:${row.oid}:0`,
    object: { id: id("text search dictionary", row.key), kind: "text search dictionary", key: row.key, parent: null, detail: dictionaryList(row), data: row, rank: Number(row.oid) },
  }, `TEXT SEARCH DICTIONARY ${qualified(row)}`, row.comment),
}

export const configurationReader: Reader<ConfigurationRow> = {
  query: `
    select c.oid::int8::text as oid, ${KEY("n", "c.cfgname")} as key, ${HOME("n")} as schema, c.cfgname as name,
      (select ${NAMED("pn", "p.prsname")} from pg_ts_parser p join pg_namespace pn on pn.oid = p.prsnamespace where p.oid = c.cfgparser) as parser,
      coalesce((select json_agg(json_build_object('token', m.token, 'dictionaries', m.dictionaries) order by m.token collate "C") from (
        select t.alias as token, json_agg(${NAMED("dn", "d.dictname")} order by m.mapseqno) as dictionaries
        from pg_ts_config_map m join pg_ts_dict d on d.oid = m.mapdict join pg_namespace dn on dn.oid = d.dictnamespace join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
        where m.mapcfg = c.oid group by t.alias) m), '[]') as mappings,
      obj_description(c.oid, 'pg_ts_config') as comment
    from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
    where ${USER_SCHEMA("n")} and ${NOT_EXTENSION("pg_ts_config", "c.oid")}`,
  read: row => commented({
    address: `pg_ts_config:${row.oid}:0`,
    object: { id: id("text search configuration", row.key), kind: "text search configuration", key: row.key, parent: null, detail: [`PARSER = ${row.parser}`, ...row.mappings.map(mapping)].join("\n"), data: row, rank: Number(row.oid) },
  }, `TEXT SEARCH CONFIGURATION ${qualified(row)}`, row.comment),
}

const dictionaryList = (data: DictionaryData) => `TEMPLATE = ${data.template}${data.options === null ? "" : `, ${data.options}`}`
const mapping = (one: ConfigurationData["mappings"][number]) => `MAPPING FOR ${one.token} WITH ${one.dictionaries.join(", ")}`

export const dictionary: Writer<DictionaryData> = {
  create: ({ data }) => [`CREATE TEXT SEARCH DICTIONARY ${qualified(data)} (${dictionaryList(data)})`],
  drop: ({ data }) => [`DROP TEXT SEARCH DICTIONARY ${qualified(data)}`],
  rename: (have, want) => `ALTER TEXT SEARCH DICTIONARY ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}

const at = (data: ConfigurationData) => `ALTER TEXT SEARCH CONFIGURATION ${qualified(data)}`

function alter({ data: w }: CatalogObject<ConfigurationData>, { data: h }: CatalogObject<ConfigurationData>): string[] | null {
  if (w.parser !== h.parser) return null
  const gone = h.mappings.filter(old => !w.mappings.some(one => one.token === old.token))
  const same = (one: ConfigurationData["mappings"][number]) => h.mappings.some(old => mapping(old) === mapping(one))
  return [
    ...gone.map(({ token }) => `${at(w)} DROP MAPPING FOR ${token}`),
    ...w.mappings.filter(one => !same(one)).map(one => `${at(w)} ${h.mappings.some(old => old.token === one.token) ? "ALTER" : "ADD"} ${mapping(one)}`),
  ]
}

export const configuration: Writer<ConfigurationData> = {
  create: ({ data }) => [`CREATE TEXT SEARCH CONFIGURATION ${qualified(data)} (PARSER = ${data.parser})`, ...data.mappings.map(one => `${at(data)} ADD ${mapping(one)}`)],
  drop: ({ data }) => [`DROP TEXT SEARCH CONFIGURATION ${qualified(data)}`],
  alter,
  rename: (have, want) => `ALTER TEXT SEARCH CONFIGURATION ${qualified(have.data)} RENAME TO ${ident(want.data.name)}`,
}
