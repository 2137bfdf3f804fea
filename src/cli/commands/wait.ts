import { Fault } from "../../core/fault.ts"
import type { Waited } from "../../flows/runner/wait.ts"
import { command } from "../command.ts"

export default command<Waited>({
  path: "db wait",
  summary: "Wait until the database takes connections",
  options: {
    "--timeout <seconds>": "Give up after so many seconds; 60 without it",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db wait --timeout 30 && nself db migrate up"],
  run: async (ctx, given) => {
    const { wait } = await import("../../flows/runner/wait.ts")
    return wait(ctx, { env: given.value("env"), url: given.value("url"), timeout: seconds(given.value("timeout") ?? "60") })
  },
  text: ({ database, engine }) => `${engine} answers at ${database}.`,
})

function seconds(typed: string): number {
  if (/^\d{1,5}$/.test(typed)) return Number(typed)
  throw new Fault("usage", `not a number of seconds: \`${typed}\``, "--timeout 60")
}
