import type { Context } from "../../core/context.ts"
import { checkJournal, matchJournal } from "../../core/journal.ts"
import { findRoot } from "../../files/project.ts"
import { writeHook, type HookFile } from "../../files/hooks.ts"
import { journalPath, readJournalSides } from "../../files/journal.ts"
import { readMigrations } from "../../files/migrations.ts"
import { findConflicts, type Conflicts } from "../branches/conflicts.ts"
import { setUp } from "../setup.ts"
import { withReasons, type Verified } from "../runner/verify-checksums.ts"

/** Installs the pre-commit hook of this project's repository. */
export async function installHooks(ctx: Context): Promise<HookFile> {
  return writeHook(findRoot(ctx.cwd), ctx.self)
}

export interface HookRun {
  readonly migrations: number
  readonly conflicts: Conflicts
  /** Against the journal; `null` where a merge is open in it. */
  readonly verified: Verified | null
}

/** What the hook does before every commit: every file against its checksum, and the conflict check. No database is opened, and none of the user's code runs. */
export async function runHooks(ctx: Context, env: string | null): Promise<HookRun> {
  const setup = await setUp(ctx, env)
  const files = await readMigrations(setup.root, setup.out)
  const { sides, line } = await readJournalSides(setup.root, setup.out)
  const conflicts = await findConflicts(setup, { files, line })
  if (line === null && conflicts.numbers.length === 0) matchJournal(sides[0]!, files, journalPath(setup.out))
  const checks = line === null ? await withReasons(setup, files, checkJournal(sides[0]!, files)) : null
  return { migrations: files.length, conflicts, verified: checks && { env: setup.environment.name, against: "journal", checks, findings: [] } }
}
