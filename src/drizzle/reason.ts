import { readFileSync } from "node:fs"
import { Fault } from "../core/fault.ts"
import { shown } from "./sources.ts"

interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly lineText: string
}

/** The parts that Bun's BuildMessage, ResolveMessage and ordinary errors may carry. */
interface Thrown {
  readonly name?: string
  readonly message?: string
  readonly stack?: string
  readonly position?: Position | null
  readonly specifier?: string
  readonly referrer?: string
  readonly errors?: readonly Thrown[]
}

/**
 * What the user's code threw while `path` was imported, with file and line.
 *
 * @param thrown  anything; Bun throws BuildMessage for syntax, ResolveMessage for a missing import, an AggregateError for several of them
 * @param path    the file that was imported, for when nothing better is known
 */
export function reasonOf(thrown: unknown, path: string, root: string): Fault {
  if (thrown instanceof Fault) return thrown
  const error = first(thrown)
  if (error.name === "ResolveMessage" || error.specifier !== undefined) return missing(error, path, root)
  if (error.position) return new Fault("usage", `${place(error.position, root)}: ${error.message}\n${frame(error.position)}`, "correct the file and try again")
  const where = thrownAt(error.stack, root) ?? shown(root, path)
  return new Fault("usage", `${where}: ${error.name ?? "error"}: ${error.message ?? String(thrown)}`, "correct the file and try again")
}

function first(thrown: unknown): Thrown {
  if (thrown === null || typeof thrown !== "object") return { message: String(thrown), name: "thrown" }
  const error = thrown as Thrown
  return error.errors && error.errors.length > 0 ? error.errors[0]! : error
}

function missing(error: Thrown, path: string, root: string): Fault {
  const specifier = error.specifier ?? ""
  const file = error.referrer || path
  const line = lineOf(file, specifier)
  const hint = specifier.startsWith(".") || specifier.startsWith("/") ? "correct the import, or add the file" : `npm install ${specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/")}`
  return new Fault("usage", `${shown(root, file)}${line === null ? "" : `:${line}`}: cannot find \`${specifier}\``, hint)
}

/** Bun does not say where a missing import stands; the first line that quotes it does. */
function lineOf(file: string, specifier: string): number | null {
  try {
    const lines = readFileSync(file, "utf8").split("\n")
    const index = lines.findIndex(line => [`"${specifier}"`, `'${specifier}'`, `\`${specifier}\``].some(quoted => line.includes(quoted)))
    return index < 0 ? null : index + 1
  } catch {
    return null
  }
}

/** The first line of a stack that lies in the project's own files: `src/db/schema/users.ts:12:5`. */
function thrownAt(stack: string | undefined, root: string): string | null {
  for (const line of (stack ?? "").split("\n").slice(1)) {
    const found = /(?:\(|at )((?:[A-Za-z]:)?[^():]+):(\d+):(\d+)\)?$/.exec(line.trim())
    const file = found?.[1]?.replace(/^at /, "")
    if (file?.startsWith(root) && !file.includes("node_modules")) return `${shown(root, file)}:${found![2]}:${found![3]}`
  }
  return null
}

function place(position: Position, root: string): string {
  return `${shown(root, position.file)}:${position.line}:${position.column}`
}

function frame(position: Position): string {
  return `  ${position.lineText}\n  ${" ".repeat(Math.max(0, position.column - 1))}^`
}
