import { PLATFORM } from "../core/platform.ts"
import { ident } from "../core/ident.ts"
import { id, HOME, type Reader, type Writer } from "./kind.ts"

interface Row { readonly oid: string; readonly name: string; readonly schema: string | null }

export const extensionReader: Reader<Row> = {
  query: `
    select e.oid::int8::text as oid, e.extname as name, ${HOME("n")} as schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname not in ('plpgsql', '${PLATFORM}')`,
  read: row => [{
    address: `pg_extension:${row.oid}:0`,
    object: { id: id("extension", row.name), kind: "extension", key: row.name, parent: null, detail: `in ${row.schema ?? "home"}`, data: row, rank: Number(row.oid) },
  }],
}

export const extension: Writer<Row> = {
  create: ({ data }) => [`CREATE EXTENSION IF NOT EXISTS ${ident(data.name)}${data.schema === null ? "" : ` SCHEMA ${ident(data.schema)}`}`],
  drop: ({ data }) => [`DROP EXTENSION ${ident(data.name)}`],
}
