import { refuseTrouble, splitStatements, type Statement } from "../../core/statements.ts"
import type { Migration } from "../../core/types.ts"
import type { Prepared } from "../../pg/tenants/message.ts"
import { prepared } from "../../pg/tenants/message.ts"

/** Files that one transaction runs, or one file that PostgreSQL cannot run in one. */
export interface Group {
  readonly files: readonly Prepared[]
  /** `alone`: by the runner's other ways, statement by statement or with every check after every statement. */
  readonly how: "together" | "alone"
  /** Whether a statement of it may leave something behind in the session: a setting, a role, a temporary table. */
  readonly leaves: boolean
}

/** Gives a migration's file checked and parsed: once, whatever the number of tenants. Throws `refused` for a file that would end nself's transaction. */
export type Prepare = (migration: Migration) => Promise<Prepared>

/** A `Prepare` with an empty memory. */
export function preparer(direction: "up" | "down"): Prepare {
  const known = new Map<number, Promise<Prepared>>()
  return migration => {
    const made = known.get(migration.seq) ?? prepareOne(direction, migration)
    known.set(migration.seq, made)
    return made
  }
}

async function prepareOne(direction: "up" | "down", migration: Migration): Promise<Prepared> {
  const file = direction === "up" ? migration.up : migration.down!
  const statements = await splitStatements(file.text)
  refuseTrouble(file, statements)
  return prepared(direction, migration, statements)
}

/** The first transaction of these files: as many as can commit together, so that a tenant is changed whole or not at all. */
export function firstGroup(files: readonly Prepared[]): Group {
  const first = files[0]!
  if (!isWhole(first)) return { files: [first], how: "alone", leaves: true }
  const end = files.findIndex((file, i) => i > 0 && (!isWhole(file) || addsEnumValue(files[i - 1]!)))
  const group = end < 0 ? files : files.slice(0, end)
  return { files: group, how: "together", leaves: group.some(file => file.statements.some(mayLeave)) }
}

/** A text that the parser does not know is left to the runner that asks the server after each statement. */
function isWhole({ statements }: Prepared): boolean {
  return statements.every(one => one.transactional && !one.splits && !one.psql && one.node !== "")
}

/** A new enum value can be used only after its transaction. */
function addsEnumValue({ statements }: Prepared): boolean {
  return statements.some(one => one.node === "AlterEnumStmt")
}

/** Statements that change objects and rows, and nothing that outlives the transaction in the session. */
const CLEAN = new Set(["CreateStmt", "IndexStmt", "AlterTableStmt", "DropStmt", "CreateEnumStmt", "AlterEnumStmt", "CreateTrigStmt", "CreateFunctionStmt", "ViewStmt", "RenameStmt",
  "InsertStmt", "UpdateStmt", "DeleteStmt", "CommentStmt", "CreateSeqStmt", "AlterSeqStmt", "CreatePolicyStmt", "AlterPolicyStmt", "GrantStmt", "CompositeTypeStmt", "CreateDomainStmt",
  "AlterDomainStmt", "CreateExtensionStmt", "AlterOwnerStmt", "AlterObjectSchemaStmt", "RuleStmt", "CreateStatsStmt", "DefineStmt", "TruncateStmt"])

function mayLeave({ node, text }: Statement): boolean {
  return !CLEAN.has(node) || /\btemp(orary)?\b|\bset_config\b/i.test(text)
}
