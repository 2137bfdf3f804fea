import { constant, literal } from "../../core/ident.ts"
import type { Statement } from "../../core/statements.ts"
import type { Migration, SqlFile } from "../../core/types.ts"
import { recordWhere } from "../audit.ts"
import { LOCK_KEY } from "../holder.ts"
import { LEDGER, ledgerSql } from "../ledger.ts"
import { appliedSql, doneSql, rowSql, takeBackSql, type Bound } from "../ledger-write.ts"
import { eventOf, fileOf, type Step } from "../step.ts"
import type { Saying } from "./at-hand.ts"
import { selectUnless } from "./fleet.ts"
import { formatOf, template, type Template } from "./template.ts"

/** A file that was read, hashed and parsed once, for all tenants. */
export interface Prepared {
  readonly migration: Migration
  readonly file: SqlFile
  readonly statements: readonly Statement[]
}

/** What one transaction does at one tenant. */
export interface TenantWork {
  readonly direction: "up" | "down"
  readonly schema: string
  /** The server's, as `Session.versionNum`. */
  readonly versionNum: number
  /** One transaction's files, in their order. */
  readonly files: readonly Prepared[]
  /** The ledger's digest as it was read, `null` where there is none; anything else under the lock means that the plan is no longer true. */
  readonly ledger: string | null
  readonly runId: string
  readonly version: string
  /** Numbers that have a row already, of a try that did not come to its end. */
  readonly begun: ReadonlySet<number>
  /** Statements that come first, before the schema is looked for: they may create it. */
  readonly prelude?: readonly string[]
  /** Where it is written down who did it; `null`: nowhere. */
  readonly audit: Step["audit"] | null
  /** Of locks and statements; left out: what is usual. */
  readonly limits?: Step["limits"]
  /** `synchronous_commit = off`. */
  readonly fastCommit: boolean
}

/** The words that a guard stops a message with; they stand in the server's log as well. */
export const BUSY = "nself: another runner is at this tenant"
export const CHANGED = "nself: the ledger is not what it was"
export const HOMELESS = "nself: this schema is not there"

/** A message, and which of its statements belong to which file. */
export interface Message {
  readonly text: string
  readonly parts: readonly Part[]
  /** Index of the COMMIT. */
  readonly commit: number
}

export interface Part {
  readonly prepared: Prepared
  /** Index of its first statement in the message. */
  readonly statement: number
  /** UTF-16 offset of its text in the message. */
  readonly at: number
}

/**
 * The whole of one tenant's transaction as one text, for one round trip: begin, limits, lock and audit, `search_path`, a look at the ledger, then for each
 * file its statements and its row, commit. A guard that does not hold is an error, so the server skips what is left (FAULTS.md, section 3).
 *
 * @param settings  what `settingsWith` gives for this schema, scope `local`: `search_path` and the others
 * @param enter     what `entering` says, or a session's short word for it
 * @param inside    without BEGIN and COMMIT: whoever runs it makes the transaction
 */
export function messageFor(work: TenantWork, settings: readonly string[], enter: Saying, inside = false): Message {
  const out = { text: "", statements: 0 }
  const add = (sql: string, statements = 1): void => {
    out.text += `${sql}\n;`
    out.statements += statements
  }
  if (!inside) add("begin isolation level read committed read write")
  for (const sql of headOf(work, settings, enter)) add(sql)
  const parts = work.files.map((prepared, i) => {
    if (i > 0) for (const sql of settings) add(sql)
    for (const sql of before(work, prepared)) add(sql)
    const part = { prepared, statement: out.statements, at: out.text.length }
    add(prepared.file.text, prepared.statements.length)
    for (const sql of after(work, prepared)) add(sql)
    return part
  })
  if (!inside) add("commit")
  return { text: out.text, parts, commit: out.statements - 1 }
}

/** What a session says at tenants like many others: all have the files, the ledger and the settings of one work. */
export interface Wording {
  /** What `settingsWith` gives for a schema, scope `local`. */
  readonly settingsOf: (schema: string) => readonly string[]
  readonly enter: Saying
  /** The same where these settings, and `enter`, are the same but for the schema. */
  readonly kind: string
}

/** The text of `messageFor`. */
export function textFor(work: TenantWork, wording: Wording): string {
  const make = (schema: string): string => messageFor({ ...work, schema }, wording.settingsOf(schema), wording.enter).text
  if (work.prelude) return make(work.schema) // written for one tenant
  return onceFor(work, wording, "one", () => template(make))(work.schema)
}

/** The inside of `messageFor` for PostgreSQL's `format()`, whose first argument is the schema's name. */
export function formatFor(work: TenantWork, wording: Wording): string {
  return onceFor(work, wording, "many", () => formatOf(schema => messageFor({ ...work, schema }, wording.settingsOf(schema), wording.enter, true).text))
}

/** What is the same for all tenants of one work. */
interface Written {
  readonly one: Template
  readonly many: string
}

/** By the files of one transaction: a run has one list of each. */
const written = new WeakMap<TenantWork["files"], Map<string, Partial<Written>>>()

function onceFor<K extends keyof Written>(work: TenantWork, { kind }: Wording, what: K, make: () => Written[K]): Written[K] {
  const byLedger = written.getOrInsertComputed(work.files, () => new Map<string, Partial<Written>>())
  const known = byLedger.getOrInsertComputed(`${work.direction} ${work.versionNum} ${work.fastCommit} ${work.ledger} ${kind}`, () => ({}))
  return (known[what] ??= make())
}

function headOf({ schema, versionNum, ledger, fastCommit, prelude = [] }: TenantWork, [path, ...limits]: readonly string[], enter: Saying): readonly string[] {
  return [
    ...prelude, ...limits, ...(fastCommit ? ["set local synchronous_commit = off"] : []),
    // before the path is the tenant's: what the server keeps ready is planned anew under another one
    enter(literal(schema)), path!,
    // a statement of its own: what it sees is what is there once the lock is held
    ledger === null ? `select case when to_regclass(quote_ident(${literal(schema)}) || '.${LEDGER}') is not null then ${stop(CHANGED)} end` : selectUnless(schema, ledger, stop(CHANGED)),
    ...(ledger === null ? [ledgerSql(versionNum).replace(/;\s*$/, "")] : []),
  ]
}

/**
 * How a transaction enters a tenant: its schema is there, its lock is taken, and it is written down what is done and by whom, which holds only if the transaction does.
 * One value for the files of a run.
 */
export const entering = (work: TenantWork): Saying => entrances.getOrInsertComputed(work.files, () => schema => entrance(work, schema))

const entrances = new WeakMap<TenantWork["files"], Saying>()

function entrance({ direction, files, audit }: TenantWork, schema: string): string {
  const found = `to_regnamespace(quote_ident(${schema}))`
  const guard = `case when ${found} is null or not has_schema_privilege(${found}::oid, 'usage') then ${stop(HOMELESS)} when not pg_try_advisory_xact_lock(${LOCK_KEY.replace("$1", () => schema)}) then ${stop(BUSY)} end`
  return audit ? recordWhere(audit.home, audit.actor, files.map(({ migration }) => eventOf({ direction, migration, schema })), schema, `(${guard}) is null`) : `select ${guard}`
}

/** An error with these words; not a constant (`concat` is only stable), or the planner would raise it before the condition is looked at. */
function stop(words: string): string {
  return `pg_catalog.concat(${literal(words)})::int`
}

/** When the file began: the transaction did, or, behind another file, what `before` noted. */
const SINCE = ["transaction_timestamp()", "current_setting('nself.since')::timestamptz"] as const

function before(work: TenantWork, { migration }: Prepared): readonly string[] {
  if (work.direction === "down") return [bound(takeBackSql({ ...work, migration }))]
  if (work.begun.has(migration.seq)) return [bound(rowSql({ ...work, migration }, null))]
  return work.files[0]!.migration === migration ? [] : ["select set_config('nself.since', clock_timestamp()::text, true)"]
}

/** The file may have become another role, who may not write the ledger; what it is called then is not known before. */
function after(work: TenantWork, { migration, statements }: Prepared): readonly string[] {
  return [
    ...(statements.some(mayBecome) ? ["reset session authorization", "reset role"] : []),
    ...(work.direction === "up" ? [bound(rowAfter(work, migration))] : []),
  ]
}

function rowAfter(work: TenantWork, migration: Migration): Bound {
  if (work.begun.has(migration.seq)) return doneSql({ ...work, migration }, null)
  return appliedSql({ ...work, migration }, SINCE[work.files[0]!.migration === migration ? 0 : 1])
}

const mayBecome = ({ node }: Statement): boolean => ["VariableSetStmt", "DoStmt", "SelectStmt", "CallStmt"].includes(node)

/** The parameters as literals: a message of many statements takes no others. */
function bound([sql, params]: Bound): string {
  return sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/g, (found: string, n: string | undefined) => {
    if (n === undefined) return found // a name or a text may hold a $1 of its own
    return constant(params[Number(n) - 1] ?? null)
  })
}

/** The file a step at one tenant runs, prepared. */
export function prepared(direction: "up" | "down", migration: Migration, statements: readonly Statement[]): Prepared {
  return { migration, file: fileOf({ direction, migration }), statements }
}
