import type { Upgrade } from "../../flows/project/upgrade.ts"
import { command } from "../command.ts"

export default command<Upgrade>({
  path: "upgrade",
  summary: "Replace this nself by the newest release, verified first",
  options: {
    "--version <version>": "This release, older ones too",
    "--base-url <url>": "Where releases are (NSELF_BASE_URL)",
    "--check": "Only say whether there is a newer one",
  },
  examples: ["nself upgrade", "nself upgrade --check", "nself upgrade --version 0.1.0"],
  run: async (ctx, given) => {
    const { upgrade } = await import("../../flows/project/upgrade.ts")
    return upgrade(ctx, { version: given.value("version"), baseUrl: given.value("base-url"), check: given.flag("check") })
  },
  text: ({ from, to, state, path }) => ({
    same: `nself ${from} is up to date.`, available: `nself ${to} is there, this is ${from}: nself upgrade`, upgraded: `Upgraded nself from ${from} to ${to}: ${path}`,
  })[state],
})
