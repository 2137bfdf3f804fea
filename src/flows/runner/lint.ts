import type { Context } from "../../core/context.ts"
import { lintFile, type LintFinding } from "../../core/lint.ts"
import { readMigrations } from "../../files/migrations.ts"
import { setUp } from "../setup.ts"

export interface LintRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** Only migrations from this number on. */
  readonly from: number | null
}

export interface Lint {
  /** How many files were read. */
  readonly files: number
  readonly findings: readonly LintFinding[]
}

/** Reads every migration, up and down, and says what `up` would refuse and what is worth a look. Opens no database. */
export async function lint(ctx: Context, { env, from }: LintRequest): Promise<Lint> {
  const setup = await setUp(ctx, env)
  const migrations = (await readMigrations(setup.root, setup.out)).filter(({ seq }) => from === null || seq >= from)
  const files = migrations.flatMap(({ up, down }) => (down ? [up, down] : [up]))
  return { files: files.length, findings: (await Promise.all(files.map(lintFile))).flat() }
}
