import type { Pushed } from "../../flows/drift/push.ts"
import { command } from "../command.ts"
import { pushText } from "../report/push.ts"

export default command<Pushed>({
  path: "db migrate push",
  summary: "Push schema directly to DB (dev only, no migration file)",
  options: {
    "--yes": "Do not ask; needed where there is no terminal",
    "--dry-run": "Print the statements, change nothing",
    "--accept-loss <object...>": "The data of this table or column may go",
    "--rename <old=new...>": "A table, column, enum or enum value was renamed, for example np_users.mail=np_users.email",
    "--no-renames": "Nothing was renamed: what is gone is dropped, what is new is added",
    "--shadow-url <url>": "A real server that reads the schema, instead of the embedded PostgreSQL",
    "--url <url>": "Database, instead of the environment's",
  },
  shadow: true,
  examples: ["nself db migrate push", "nself db migrate push --yes --accept-loss np_users.nick"],
  run: async (ctx, given) => (await import("../../flows/drift/push.ts")).push(ctx, {
    env: given.value("env"), url: given.value("url"), shadowUrl: given.value("shadow-url"), acceptLoss: given.values("accept-loss"),
    renames: given.values("rename"), noRenames: given.flag("no-renames"), yes: given.flag("yes"), dryRun: given.flag("dry-run"),
  }),
  text: pushText,
  json: ({ failure: _, ...rest }) => rest,
  fault: ({ failure }) => failure,
})
