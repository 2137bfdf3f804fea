/** All that must hold before a change lands: types, floors, tests. Closes with `N passed, N failed`, and names what this machine could not run. */
import { join, resolve } from "node:path"
import { reachable } from "./reachable.ts"

// some tests run as a user who may do nothing
const bun = await reachable(process.execPath)
const project = await reachable(resolve(import.meta.dir, ".."))
const root = project.path

async function run(title: string, command: readonly string[]): Promise<{ readonly ok: boolean; readonly text: string }> {
  console.log(`\n== ${title}`)
  const child = Bun.spawn([...command], { cwd: root, stdout: "inherit", stderr: "pipe", env: { ...process.env, FORCE_COLOR: "0" } })
  const decoder = new TextDecoder()
  let text = ""
  for await (const chunk of child.stderr) {
    const part = decoder.decode(chunk, { stream: true })
    text += part
    process.stderr.write(part)
  }
  return { ok: (await child.exited) === 0, text }
}

const count = (text: string, word: string): number => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(text)?.[1] ?? 0)

/** More than a few files that fail are no matter of time. */
const MOST_AGAIN = 4

/** The files of failed tests, from the runner's own lines: a header `path.test.ts:`, then a line per test. */
function filesThatFailed(text: string): readonly string[] {
  const files = new Set<string>()
  let file = ""
  for (const line of text.split("\n")) {
    if (/^\S+\.test\.ts:$/.test(line)) file = line.slice(0, -1)
    if (/^\d+ tests? failed:$/.test(line)) break
    if (line.startsWith("(fail) ") && file !== "") files.add(file)
  }
  return [...files]
}

const types = await run("types", [join(root, "node_modules/.bin/tsc"), "--noEmit"])
const floors = await run("floors", [bun.path, "scripts/floors.ts"])
// made by the first who needs them; tests that run as somebody else may not write them
await run("templates", [bun.path, "scripts/template.ts"])
const tests = await run("tests", [bun.path, "test", "--parallel", "--timeout", "120000"])
/** Tests of clocks, kills and locks share the machine with all others; what fails is run once more by itself, and named. */
const again = tests.ok ? [] : filesThatFailed(tests.text)
const second = again.length > 0 && again.length <= MOST_AGAIN ? await run("what failed, once more by itself", [bun.path, "test", "--timeout", "120000", ...again]) : null
const passed = count(tests.text, "pass") + Number(types.ok) + Number(floors.ok)
const last = second ?? tests
const failed = count(last.text, "fail") + Number(!types.ok) + Number(!floors.ok) + Number(!last.ok && count(last.text, "fail") === 0)
if (second) console.log(`\nFailed beside the others, then run by themselves (${second.ok ? "passed" : "failed again"}):\n${again.map(name => `  ${name}`).join("\n")}`)
const skipped = [...tests.text.matchAll(/^\(skip\) (.*)$/gm)].map(([, name]) => name!)
if (skipped.length > 0) console.log(`\nNot run on this machine:\n${skipped.map(name => `  ${name}`).join("\n")}`)
console.log(`\n${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`)
await Promise.all([bun.remove(), project.remove()])
process.exit(failed === 0 ? 0 : 1)
