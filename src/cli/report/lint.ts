import type { Lint } from "../../flows/runner/lint.ts"
import type { Paint } from "../paint.ts"
import { count } from "./words.ts"

/** One finding a paragraph, and the sum. */
export function lintText({ files, findings }: Lint, paint: Paint): string {
  const lines = findings.flatMap(({ level, path, line, rule, message, hint }) => [
    `${path}:${line}: ${level === "error" ? paint.red(level) : paint.yellow(level)}: ${message} (${rule})`, `  ${hint}`,
  ])
  const errors = findings.filter(one => one.level === "error").length
  return [...lines, `${count(files, "file")} read, ${count(errors, "error")}, ${count(findings.length - errors, "warning")}.`].join("\n")
}
