import type { Generated } from "../../core/generated.ts"
import type { Paint } from "../paint.ts"
import { absorbedText } from "./absorbed.ts"

/** What was written and on which engine it was proved; the SQL itself only for `--dry-run`. */
export function generateText(result: Generated, paint: Paint): string {
  const warnings = result.warnings.map(warning => `${paint.yellow("warning")}: ${warning}`)
  const lines = result.absorbed ? absorbedText(result.absorbed) : []
  return [...head(result), ...(lines.length > 0 ? ["", ...lines] : []), ...(warnings.length > 0 ? ["", ...warnings] : [])].join("\n")
}

function head({ status, files, up, down, engine, absorbed, changes }: Generated): string[] {
  const goal = absorbed ? "what the database is" : "the declared schema"
  const proved = engine === "" ? [] : [`Proved on ${engine}: up gives ${goal}, down gives back the one before.`]
  if (absorbed && status === "nothing") return [`Nothing to take over: ${absorbed.database} is what its migrations made.`]
  if (absorbed && status === "needed") return [`${absorbed.database} is not what its migrations made:`, "", up.trimEnd()]
  if (absorbed && status === "written") return ["Generated:", ...files.map(file => `  ${file}`), "", ...proved, `Recorded as applied in ${absorbed.database}: there it is already true.`]
  if (status === "nothing") return ["Nothing to generate: the migrations already give the declared schema."]
  if (status === "needed") return ["The schema has changes without a migration:", ...(changes ?? []).map(line => `  ${line}`), "", "To make one: nself db migrate generate --name <name>"]
  if (status === "dry-run") return ["-- up", up.trimEnd(), "", "-- down", down.trimEnd(), "", ...proved.map(line => `-- ${line}`)]
  return ["Generated:", ...files.map(file => `  ${file}`), "", ...proved]
}
