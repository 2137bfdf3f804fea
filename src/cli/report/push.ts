import type { Pushed } from "../../flows/drift/push.ts"
import { sqlText } from "../../core/migration-text.ts"
import type { Paint } from "../paint.ts"
import { ignoredText } from "./ignored.ts"
import { count } from "./words.ts"

/** The statements, what they lose, and whether they ran. */
export function pushText(result: Pushed, paint: Paint): string {
  const { status, statements, losses, notes, ignored, database } = result
  const parts = [
    statements.length > 0 ? [sqlText(statements)] : [], losses.map(loss => `${paint.yellow("loses data")}: ${loss}`), notes.map(note => `${paint.yellow("note")}: ${note}`), ignoredText(ignored),
    status === "pushed" ? [`Pushed ${count(statements.length, "statement")} to ${database}. No migration was written: nself db migrate generate --name <name> writes one.`]
      : status === "nothing" ? [`Nothing to push: ${database} is what the schema says.`] : [],
  ]
  return parts.filter(part => part.length > 0).map(part => part.join("\n")).join("\n\n")
}
