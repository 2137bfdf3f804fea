import { parseVersion } from "../../core/name.ts"
import type { Lint } from "../../flows/runner/lint.ts"
import { command } from "../command.ts"
import { lintText } from "../report/lint.ts"

export default command<Lint>({
  path: "db migrate lint",
  summary: "Say what up would refuse in the files, and what is worth a look; no database is opened",
  options: { "--from <version>": "Only migrations from this number on" },
  examples: ["nself db migrate lint --from 0042"],
  run: async (ctx, given) => {
    const from = given.value("from")
    return (await import("../../flows/runner/lint.ts")).lint(ctx, { env: given.value("env"), from: from === null ? null : parseVersion(from) })
  },
  text: lintText,
  exit: ({ findings }) => (findings.some(one => one.level === "error") ? "refused" : "ok"),
})
