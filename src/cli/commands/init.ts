import type { Init } from "../../flows/project/init.ts"
import { command } from "../command.ts"
import { initText } from "../report/init.ts"

export default command<Init>({
  path: "init",
  summary: "Write what a project needs: config, schema folder, environment example, seeds folder",
  shadow: true,
  options: {
    "--from-db": "Write the Drizzle schema of the database that is there",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself init", "nself init --from-db"],
  run: async (ctx, given) => {
    const { init } = await import("../../flows/project/init.ts")
    return init(ctx, { env: given.value("env"), url: given.value("url"), fromDb: given.flag("from-db") })
  },
  text: initText,
})
