import type { Generated } from "../../core/generated.ts"
import type { Paint } from "../paint.ts"

/** What was written and on which engine it was proved; the SQL itself only for `--dry-run`. */
export function generateText(result: Generated, paint: Paint): string {
  const warnings = result.warnings.map(warning => `${paint.yellow("warning")}: ${warning}`)
  return [...head(result), ...(warnings.length > 0 ? ["", ...warnings] : [])].join("\n")
}

function head({ status, files, up, down, engine }: Generated): string[] {
  const proved = engine === "" ? [] : [`Proved on ${engine}: up gives the declared schema, down gives back the one before.`]
  if (status === "nothing") return ["Nothing to generate: the migrations already give the declared schema."]
  if (status === "needed") return ["The schema has changes without a migration:", "", up.trimEnd()]
  if (status === "dry-run") return ["-- up", up.trimEnd(), "", "-- down", down.trimEnd(), "", ...proved.map(line => `-- ${line}`)]
  return ["Generated:", ...files.map(file => `  ${file}`), "", ...proved]
}
