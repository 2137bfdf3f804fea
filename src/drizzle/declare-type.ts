import type { PgSequence, PgSequenceOptions } from "drizzle-orm/pg-core"
import { literal } from "../core/ident.ts"
import type { Writer } from "./writer.ts"

/** `CREATE SCHEMA IF NOT EXISTS "app";` */
export function schemaDdl(w: Writer, name: string): string {
  return `CREATE SCHEMA IF NOT EXISTS ${w.names.quote(name)};`
}

/** `CREATE TYPE "app"."mood" AS ENUM('happy', 'it''s');` */
export function enumDdl(w: Writer, type: { schema?: string | undefined; enumName: string; enumValues: readonly string[] }): string {
  return `CREATE TYPE ${w.names.full(type.schema, type.enumName)} AS ENUM(${type.enumValues.map(literal).join(", ")});`
}

/** `CREATE SEQUENCE "s" INCREMENT BY 2 …;` with only the options that were said. */
export function sequenceDdl(w: Writer, sequence: PgSequence): string {
  return ["CREATE SEQUENCE", w.names.full(sequence.schema, sequence.seqName ?? ""), ...sequenceOptions(sequence.seqOptions ?? {})].join(" ") + ";"
}

/** The options of a sequence in SQL's words. Numbers may come as text, as drizzle-orm allows for values over 2^53. */
export function sequenceOptions(options: PgSequenceOptions): string[] {
  const said = (word: string, value: number | string | bigint | undefined) => (value === undefined ? [] : [`${word} ${BigInt(value)}`])
  return [
    ...said("INCREMENT BY", options.increment),
    ...said("MINVALUE", options.minValue),
    ...said("MAXVALUE", options.maxValue),
    ...said("START WITH", options.startWith),
    ...said("CACHE", options.cache),
    ...(options.cycle ? ["CYCLE"] : []),
  ]
}
