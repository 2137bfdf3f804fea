/** All that must hold before a change lands: types, floors, tests. Closes with `N passed, N failed`, and names what this machine could not run. */
import { join, resolve } from "node:path"

const root = resolve(import.meta.dir, "..")

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

const types = await run("types", [join(root, "node_modules/.bin/tsc"), "--noEmit"])
const floors = await run("floors", [process.execPath, "scripts/floors.ts"])
// made by the first who needs them; tests that run as somebody else may not write them
await run("templates", [process.execPath, "scripts/template.ts"])
const tests = await run("tests", [process.execPath, "test", "--parallel", "--timeout", "120000"])
const passed = count(tests.text, "pass") + Number(types.ok) + Number(floors.ok)
const failed = count(tests.text, "fail") + Number(!types.ok) + Number(!floors.ok) + Number(!tests.ok && count(tests.text, "fail") === 0)
const skipped = [...tests.text.matchAll(/^\(skip\) (.*)$/gm)].map(([, name]) => name!)
if (skipped.length > 0) console.log(`\nNot run on this machine:\n${skipped.map(name => `  ${name}`).join("\n")}`)
console.log(`\n${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`)
process.exit(failed === 0 ? 0 : 1)
