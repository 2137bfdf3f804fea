import { ident } from "../core/ident.ts"
import { commented, id, NOT_EXTENSION, USER_SCHEMA, type Reader, type Writer } from "./kind.ts"

interface Row { readonly oid: number; readonly name: string; readonly comment: string | null }

export const schemaReader: Reader<Row> = {
  query: `
    select n.oid::int8::text as oid, n.nspname as name, obj_description(n.oid, 'pg_namespace') as comment
    from pg_namespace n
    where ${USER_SCHEMA("n")} and n.nspname <> $1 and n.nspname <> 'public' and ${NOT_EXTENSION("pg_namespace", "n.oid")}`,
  read: row => commented({
    address: `pg_namespace:${row.oid}:0`,
    object: { id: id("schema", row.name), kind: "schema", key: row.name, parent: null, detail: "schema", data: row, rank: Number(row.oid) },
  }, `SCHEMA ${ident(row.name)}`, row.comment),
}

export const schema: Writer<Row> = {
  create: object => [`CREATE SCHEMA ${ident(object.data.name)}`],
  drop: object => [`DROP SCHEMA ${ident(object.data.name)}`],
}
