import type { Reset } from "../../flows/drift/reset.ts"
import { command } from "../command.ts"
import { resetChunk, resetJson, resetText } from "../report/reset.ts"

export default command<Reset>({
  path: "db migrate reset",
  summary: "Drop all that the migrations made and apply them from scratch (dev only)",
  options: {
    "--yes": "Do not ask; needed where there is no terminal",
    "--dry-run": "Print what would be dropped, change nothing",
    "--shadow-url <url>": "A real server that reads the history, instead of the embedded PostgreSQL",
    "--url <url>": "Database, instead of the environment's",
  },
  shadow: true,
  examples: ["nself db migrate reset", "nself db migrate reset --dry-run"],
  run: async (ctx, given, progress) => (await import("../../flows/drift/reset.ts")).reset(ctx, {
    env: given.value("env"), url: given.value("url"), shadowUrl: given.value("shadow-url"), yes: given.flag("yes"), dryRun: given.flag("dry-run"),
  }, event => progress(resetChunk(event))),
  text: resetText,
  json: resetJson,
  fault: ({ steps }) => steps?.failure ?? null,
})
