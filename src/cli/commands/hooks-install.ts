import type { HookFile } from "../../files/hooks.ts"
import { command } from "../command.ts"

export default command<HookFile>({
  path: "hooks install",
  summary: "Install a git pre-commit hook that checks checksums and conflicts",
  options: {},
  examples: ["nself hooks install"],
  run: async ctx => {
    const { installHooks } = await import("../../flows/project/hooks.ts")
    return installHooks(ctx)
  },
  text: ({ path, state }) => (state === "same" ? `Already installed: ${path}` : `Installed: ${path}\nIt runs before every commit: nself hooks run`),
})
