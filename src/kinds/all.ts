import type { KindName } from "../core/catalog.ts"
import { column, defaultWriter } from "./column.ts"
import { comment } from "./comment.ts"
import { constraint, constraintReader } from "./constraint.ts"
import { enumReader, enumWriter } from "./enum.ts"
import { extension, extensionReader } from "./extension.ts"
import { functionReader, functionWriter } from "./function.ts"
import { index, indexReader } from "./index-kind.ts"
import type { Reader, Writer } from "./kind.ts"
import { policy, policyReader } from "./policy.ts"
import { schema, schemaReader } from "./schema.ts"
import { sequence, sequenceOwner, sequenceReader } from "./sequence.ts"
import { table, tableReader } from "./table.ts"
import { trigger, triggerReader } from "./trigger.ts"
import { view, viewReader } from "./view.ts"

/** One query each, whatever the size of the database. */
export const readers = [
  schemaReader, extensionReader, enumReader, sequenceReader, functionReader, tableReader, constraintReader, indexReader, viewReader, triggerReader, policyReader,
] as readonly Reader<never>[]

export const writers = {
  schema, extension, enum: enumWriter, sequence, function: functionWriter, table, column, default: defaultWriter, "sequence owner": sequenceOwner,
  constraint, index, view, "materialized view": view, trigger, policy, comment,
} as unknown as Readonly<Record<KindName, Writer<unknown>>>
