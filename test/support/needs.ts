/** Tests that need what a machine may lack: each that did not run is printed by name when the run ends, and counted; none is passed over in silence. */
import { test } from "bun:test"

const notRun: string[] = []
let told = false

/** `has`: what it needs is there; `what`: what to install or which right is missing. */
export function testThatNeeds(has: boolean, what: string, name: string, work: () => Promise<void>, timeout?: number): void {
  if (has) return test(name, work, timeout)
  notRun.push(`${name} (needs ${what})`)
  test(`NOT RUN, needs ${what}: ${name}`, () => {
    if (told) return
    told = true
    process.stderr.write(`\nNOT RUN on this machine, ${notRun.length} test(s) in this file:\n${notRun.map(one => `  ${one}`).join("\n")}\n`)
  })
}

/** Whether this process may mount, make namespaces and become another user. */
export const IS_ROOT = process.getuid?.() === 0
