import { Fault } from "../../core/fault.ts"
import { TOOLS, type Tool } from "../../core/foreign.ts"
import type { Adopted } from "../../flows/adopt/adopt.ts"
import { command } from "../command.ts"
import { adoptText } from "../report/adopt.ts"

export default command<Adopted>({
  path: "db migrate adopt",
  summary: "Take over the migrations of drizzle-kit, Hasura, dbmate or node-pg-migrate, and their databases",
  options: {
    "--from <tool>": `${TOOLS.join(", ")}; whichever is found unless said`,
    "--source <folder>": "Where its migrations are, if not where they usually are",
    "--table <schema.table>": "Its own table in the database, if it has another name than usual",
    "--strip-public": "Take \"public\". out of the files, so that they run in tenants' schemas too; shown to make the same",
    "--no-downs": "Make no ways back for migrations that have none",
    "--offline": "Look at no database",
    "--dry-run": "Replay and compare, write nothing",
    "--url <url>": "Database, instead of the environment's",
    "--shadow-url <url>": "A server that lends scratch databases, instead of the embedded PostgreSQL",
  },
  examples: ["nself db migrate adopt --dry-run", "nself db migrate adopt --from hasura --source hasura/migrations/default", "nself db migrate adopt --env prod"],
  run: async (ctx, given) => {
    const tool = given.value("from")
    if (tool !== null && !(TOOLS as readonly string[]).includes(tool)) throw new Fault("usage", `nself does not know \`${tool}\``, `--from ${TOOLS.join(", --from ")}`)
    const { adopt } = await import("../../flows/adopt/adopt.ts")
    return adopt(ctx, {
      env: given.value("env"), url: given.value("url"), shadowUrl: given.value("shadow-url"), tool: tool as Tool | null, source: given.value("source"), table: given.value("table"),
      stripPublic: given.flag("strip-public"), downs: !given.flag("no-downs"), offline: given.flag("offline"), dryRun: given.flag("dry-run"),
    })
  },
  text: adoptText,
  exit: ({ database }) => (database !== null && database.differences.length > 0 ? "drift" : "ok"),
})
