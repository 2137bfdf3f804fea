import { readFileSync } from "node:fs"

/**
 * Runs a config file and gives the object it stands for. The bare form (`{ "schema": … }` and nothing else) is no module, so it is evaluated as the
 * expression it is. Throws what the file throws. Only ever called in the child.
 */
export async function runConfig(path: string): Promise<unknown> {
  const text = readFileSync(path, "utf8")
  if (path.endsWith(".json")) return Bun.JSON5.parse(text)
  if (isBareObject(text)) return evaluate(text)
  const module = (await import(path)) as { default?: unknown }
  const value = module.default ?? module
  return typeof value === "function" ? (value as () => unknown)() : value
}

/** Does the text start with `{`, comments aside? A module that starts with a block statement is nothing a config does. */
function isBareObject(text: string): boolean {
  return text.replace(/^(?:\s|\uFEFF|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/, "").startsWith("{")
}

function evaluate(text: string): unknown {
  const script = new Bun.Transpiler({ loader: "ts" }).transformSync(`globalThis.__nselfConfig = (${text.trim().replace(/;$/, "")}\n)`)
  ;(0, eval)(script)
  return (globalThis as { __nselfConfig?: unknown }).__nselfConfig
}
