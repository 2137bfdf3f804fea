import type { Init } from "../../flows/project/init.ts"
import type { Paint } from "../paint.ts"
import { count } from "./words.ts"

export function initText({ created, kept, ignored, hook, database, next }: Init, paint: Paint): string {
  const parts = [
    created.length > 0 ? ["Created:", ...created.map(path => `  ${path}`)] : [],
    kept.length > 0 ? ["Kept as they are:", ...kept.map(path => `  ${path}`)] : [],
    ignored.length > 0 ? [`Added to .gitignore: ${ignored.join(", ")}`] : [],
    hook?.state === "written" ? [`Installed the pre-commit hook: ${hook.path}`] : hook?.state === "kept" ? [`Kept the pre-commit hook that is there; ${hook.hint ?? ""}`] : [],
    database ? fromDatabase(database, paint) : [],
    [`Next: ${next}`],
  ]
  return parts.filter(part => part.length > 0).map(part => part.join("\n")).join("\n\n")
}

function fromDatabase({ database, engine, tables, others, differences }: NonNullable<Init["database"]>, paint: Paint): string[] {
  const rest = Object.entries(others).map(([kind, n]) => `${n} ${kind}${n === 1 ? "" : "s"}`)
  const read = `Read ${count(tables, "table")} of ${database} (${engine}).`
  return [
    ...(differences.length === 0 ? [`${read} Proved: made anew from this schema, they read back the same.`] : [read, `${paint.yellow("warning")}: Drizzle has no words for these, so generate would change them:`, ...differences.map(line => `  ${line}`)]),
    ...(rest.length > 0 ? [`Not for Drizzle to say, so they come with the migrations: ${rest.join(", ")}.`] : []),
  ]
}
