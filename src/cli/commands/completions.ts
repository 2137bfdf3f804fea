import { Fault } from "../../core/fault.ts"
import { command } from "../command.ts"
import { SHELLS, type Shell } from "../completions.ts"

export default command<{ readonly shell: Shell; readonly script: string }>({
  path: "completions",
  summary: "Print a shell's completion script",
  args: ["shell"],
  options: {},
  examples: ["source <(nself completions bash)", "nself completions zsh > ~/.zfunc/_nself", "nself completions fish > ~/.config/fish/completions/nself.fish"],
  run: async (_, given) => {
    const shell = SHELLS.find(one => one === given.args[0])
    if (!shell) throw new Fault("usage", `no completions for ${given.args[0]}`, `nself completions ${SHELLS.join(", nself completions ")}`)
    const [{ completions }, { commands }] = await Promise.all([import("../completions.ts"), import("../commands.ts")])
    return { shell, script: completions(shell, commands) }
  },
  text: ({ script }) => script.trimEnd(),
})
