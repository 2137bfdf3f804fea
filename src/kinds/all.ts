import type { KindName } from "../core/catalog.ts"
import { aggregate, aggregateReader } from "./aggregate.ts"
import { cast, castReader } from "./cast.ts"
import { collation, collationReader } from "./collation.ts"
import { columnStorage, columnStorageReader } from "./column-storage.ts"
import { column, defaultWriter } from "./column.ts"
import { comment } from "./comment.ts"
import { composite, compositeReader } from "./composite.ts"
import { constraint, constraintReader } from "./constraint.ts"
import { defaultPrivilege, defaultPrivilegeReader } from "./default-privilege.ts"
import { domain, domainReader } from "./domain.ts"
import { enumReader, enumWriter } from "./enum.ts"
import { eventTrigger, eventTriggerReader } from "./event-trigger.ts"
import { extension, extensionReader } from "./extension.ts"
import { mapping, mappingReader, server, serverReader, wrapper, wrapperReader } from "./foreign.ts"
import { functionReader, functionWriter } from "./function.ts"
import { grant, grantReader } from "./grant.ts"
import { index, indexReader } from "./index-kind.ts"
import { inheritance, partition } from "./inheritance.ts"
import type { Reader, Writer } from "./kind.ts"
import { operatorClass, operatorClassReader } from "./operator-class.ts"
import { operator, operatorReader } from "./operator.ts"
import { policy, policyReader } from "./policy.ts"
import { publication, publicationReader } from "./publication.ts"
import { range, rangeReader } from "./range.ts"
import { role, roleReader } from "./role.ts"
import { rule, ruleReader } from "./rule.ts"
import { schema, schemaReader } from "./schema.ts"
import { sequence, sequenceOwner, sequenceReader } from "./sequence.ts"
import { statistics, statisticsReader } from "./statistics.ts"
import { replicaIdentity, replicaIdentityReader, tableStorage, tableStorageReader } from "./table-storage.ts"
import { table, tableReader } from "./table.ts"
import { configuration, configurationReader, dictionary, dictionaryReader } from "./text-search.ts"
import { trigger, triggerReader } from "./trigger.ts"
import { view, viewReader } from "./view.ts"

/** One query each, whatever the size of the database. */
export const readers = [
  roleReader, schemaReader, extensionReader, collationReader, enumReader, domainReader, compositeReader, rangeReader, sequenceReader, functionReader, aggregateReader, operatorReader,
  operatorClassReader, castReader, dictionaryReader, configurationReader, wrapperReader, serverReader, mappingReader, tableReader, constraintReader, indexReader,
  statisticsReader, viewReader, ruleReader, triggerReader, policyReader, eventTriggerReader, publicationReader,
  columnStorageReader, tableStorageReader, replicaIdentityReader, grantReader, defaultPrivilegeReader,
] as readonly Reader<never>[]

export const writers = {
  role, schema, extension, collation, enum: enumWriter, domain, "composite type": composite, "range type": range, sequence, function: functionWriter, aggregate, operator,
  "operator class": operatorClass, cast, "text search dictionary": dictionary, "text search configuration": configuration, "foreign data wrapper": wrapper, server,
  "user mapping": mapping, table, "foreign table": table, partition, inheritance, column, default: defaultWriter, "sequence owner": sequenceOwner, constraint, index, statistics, view,
  "materialized view": view, rule, trigger, policy, "event trigger": eventTrigger, publication, "column storage": columnStorage,
  "table storage": tableStorage, "replica identity": replicaIdentity, grant, "default privilege": defaultPrivilege, comment,
} as unknown as Readonly<Record<KindName, Writer<unknown>>>
