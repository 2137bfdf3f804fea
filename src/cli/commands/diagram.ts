import { Fault } from "../../core/fault.ts"
import type { Drawn } from "../../flows/project/diagram.ts"
import { command } from "../command.ts"
import { diagramMermaid } from "../report/diagram-mermaid.ts"
import { diagramSvg } from "../report/diagram-svg.ts"

interface Asked extends Drawn { readonly svg: boolean }

export default command<Asked>({
  path: "db diagram",
  summary: "Draw tables, columns and keys as Mermaid or SVG",
  shadow: true,
  options: {
    "--svg": "One SVG that needs nothing else, instead of Mermaid",
    "--diff": "Mark what the pending migrations add, remove and change",
    "--live": "Draw the database as it is, instead of what the migrations make",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db diagram > docs/schema.mmd", "nself db diagram --svg > schema.svg", "nself db diagram --svg --diff --env staging > pending.svg"],
  run: async (ctx, given) => {
    const [diff, live] = [given.flag("diff"), given.flag("live")]
    if (diff && live) throw new Fault("usage", "--diff compares migrations, and --live draws none", "leave one of them out")
    const { diagram } = await import("../../flows/project/diagram.ts")
    return { ...(await diagram(ctx, { env: given.value("env"), url: given.value("url"), diff, live })), svg: given.flag("svg") }
  },
  text: ({ diagram, title, svg }) => (svg ? diagramSvg(diagram, title) : diagramMermaid(diagram)),
  json: ({ diagram, title }) => ({ title, ...diagram }),
})
