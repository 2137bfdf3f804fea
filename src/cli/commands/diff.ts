import { isSame } from "../../core/compare.ts"
import type { Diff } from "../../core/diff.ts"
import { command } from "../command.ts"
import { diffGithub, diffJson, diffSql, diffText } from "../report/diff.ts"

interface Asked { readonly diff: Diff; readonly failOnDrift: boolean; readonly form: "text" | "sql" | "github" }

export default command<Asked>({
  path: "db migrate diff",
  summary: "Show what differs between the database, the migrations and the schema",
  options: {
    "--fail-on-drift": "Fail (exit 5) when the database is not what its migrations made",
    "--sql": "Print the statements that would close the gap",
    "--github": "Print annotations for GitHub Actions",
    "--against <url>": "Compare with this database instead of the history",
    "--shadow-url <url>": "A real server that reads the history, instead of the embedded PostgreSQL; a scratch database is made there and dropped",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db migrate diff", "nself db migrate diff --env staging --fail-on-drift", "nself db migrate diff --sql | psql app"],
  run: async (ctx, given) => {
    const { diff } = await import("../../flows/diff.ts")
    const result = await diff(ctx, { env: given.value("env"), url: given.value("url"), against: given.value("against"), shadowUrl: given.value("shadow-url") })
    return { diff: result, failOnDrift: given.flag("fail-on-drift"), form: given.flag("sql") ? "sql" : given.flag("github") ? "github" : "text" }
  },
  text: ({ diff, form, failOnDrift }, paint) => (form === "sql" ? diffSql(diff) : form === "github" ? diffGithub(diff, failOnDrift ? "error" : "warning") : diffText(diff, paint)),
  json: ({ diff }) => diffJson(diff),
  exit: ({ diff, failOnDrift }) => (failOnDrift && !isSame(diff.drift) ? "drift" : "ok"),
})
