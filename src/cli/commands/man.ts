import { command } from "../command.ts"

export default command<string>({
  path: "man",
  summary: "Print the manual page",
  options: {},
  examples: ["nself man | man -l -", "nself man > ~/.local/share/man/man1/nself.1"],
  run: async ({ version }) => {
    const [{ manPage }, { commands }] = await Promise.all([import("../man.ts"), import("../commands.ts")])
    return manPage(commands, version)
  },
  text: page => page.trimEnd(),
  json: page => ({ page }),
})
