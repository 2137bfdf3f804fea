import { shownDrift } from "../../core/diff.ts"
import { pad } from "../../core/name.ts"
import type { Report } from "../../flows/project/report.ts"
import { command } from "../command.ts"

interface Asked {
  readonly report: Report
  /** The page itself, where it was asked for on stdout; else the path it was written to. */
  readonly page: string
  readonly written: string | null
}

export default command<Asked>({
  path: "db report",
  summary: "Write one HTML page: history, pending SQL, drift, diagram, tenants",
  shadow: true,
  options: {
    "--out <file>": "Where to write it; nself-report.html without it, - for stdout",
    "--url <url>": "Database, instead of the environment's",
  },
  examples: ["nself db report", "nself db report --env staging --out report.html", "nself db report --out - > report.html"],
  run: async (ctx, given, _) => {
    const [{ report }, { reportPage }, { writePage }] = await Promise.all([import("../../flows/project/report.ts"), import("../report/page.ts"), import("../../flows/project/write-page.ts")])
    const result = await report(ctx, { env: given.value("env"), url: given.value("url") })
    const out = given.value("out") ?? "nself-report.html"
    const page = reportPage(result)
    return { report: result, page, written: out === "-" || given.flag("json") ? null : await writePage(ctx, out, page) }
  },
  text: ({ page, written }) => (written === null ? page.trimEnd() : `Written: ${written}`),
  json: ({ report }) => ({ ...report, version: pad(report.version), drift: "why" in report.drift ? report.drift : { found: shownDrift(report.drift.found), sql: report.drift.sql } }),
})
