/** Tests that need what a machine may lack: each that did not run is named and counted in the closing lines of `bun run check`; none is passed over in silence. */
import { test } from "bun:test"

/** `has`: what it needs is there; `what`: what to install, or which right is missing. */
export function testThatNeeds(has: boolean, what: string, name: string, work: () => Promise<void>, timeout?: number): void {
  if (has) return test(name, work, timeout)
  test.skip(`NOT RUN, needs ${what}: ${name}`, work, timeout)
}

/** Whether this process may mount, make namespaces and become another user. */
export const IS_ROOT = process.getuid?.() === 0
