/** Who runs nself, as far as it can know. */
export interface Actor {
  /** A uuid: the run, as in the ledger. */
  readonly runId: string
  /** nself's own version. */
  readonly nself: string
  readonly osUser: string | null
  readonly host: string | null
  /** Address of the CI run. */
  readonly ciRun: string | null
  /** The project's checked-out commit, 40 hex digits. */
  readonly gitCommit: string | null
}

/**
 * Something that was done, or tried.
 *
 * From `before` and `after` of what is `done` nself knows later which rows the ledger must have (`tamper.ts`), so whoever changes a row writes an event of
 * its number: `after` for a row that is there now, `before` without `after` for one that is gone (a renumbering is both, one event each). An event
 * `reset` without a number says that no row is left.
 */
export interface AuditEvent {
  /** One word: `up`, `down`, `repair`, `renumber`, `baseline`, `squash`, `mark`, `push`, `reset` … */
  readonly action: string
  /** The schema whose ledger it concerns. */
  readonly schema: string
  /** The migration's number; `null` where it concerns none, or all. */
  readonly version: number | null
  /** The migration's name, or what the action was about. */
  readonly name: string | null
  /** SHA-256 of the migration that was recorded before and is recorded after; `null`: none. */
  readonly before: string | null
  readonly after: string | null
  readonly result: "done" | "failed"
  /** Why it failed, or a remark. Never an SQL text: it could hold a password. */
  readonly detail: string | null
}

/** One row of the audit table. */
export interface AuditRow extends AuditEvent, Actor {
  readonly id: number
  /** The server's clock. */
  readonly at: Date
  /** The role that logged in. */
  readonly role: string
}

/** The first line of what was said, literals masked, at most 500 characters: fit to be kept. */
export function auditDetail(message: string): string {
  const line = (message.split("\n")[0] ?? "").replace(/\$([A-Za-z_]*)\$.*?(\$\1\$|$)/g, "'…'").replace(/'(?:[^']|'')*('|$)/g, "'…'")
  return line.length > 500 ? `${line.slice(0, 499)}…` : line
}

/** Variables that hold the address of a CI run; where a service has none, it is put together. */
const RUN_URLS = ["CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL", "BUILDKITE_BUILD_URL", "TRAVIS_BUILD_WEB_URL", "DRONE_BUILD_LINK"]
const COMMITS = ["GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "CIRCLE_SHA1", "BUILDKITE_COMMIT", "TRAVIS_COMMIT", "BITBUCKET_COMMIT", "DRONE_COMMIT"]

/** The CI run that the environment tells of. */
export function ciRunOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`
  const found = RUN_URLS.map(name => env[name]).find(Boolean)
  return found ?? (env["CI"] && env["CI"] !== "false" ? "CI" : null)
}

/** The commit that CI says it has checked out. */
export function ciCommitOf(env: Readonly<Record<string, string | undefined>>): string | null {
  return COMMITS.map(name => env[name]).find(value => value !== undefined && /^[0-9a-f]{40}$/i.test(value)) ?? null
}
