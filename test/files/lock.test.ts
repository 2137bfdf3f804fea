import { expect, test } from "bun:test"
import { mkdtemp, rm, utimes } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { withLock } from "../../src/files/lock.ts"

test("a lock whose maker was killed before it could say its name is taken over after seconds, not after ten", async () => {
  const dir = await mkdtemp(join(tmpdir(), "nself-lock-"))
  const path = join(dir, ".lock")
  await Bun.write(path, "")
  const ago = new Date(Date.now() - 3_000)
  await utimes(path, ago, ago)
  const from = performance.now()
  expect(await withLock(path, ".lock", async () => "mine")).toBe("mine")
  expect(performance.now() - from).toBeLessThan(1_500)
  await rm(dir, { recursive: true, force: true })
})

test("a fresh lock without a name belongs to somebody who is about to say it", async () => {
  const dir = await mkdtemp(join(tmpdir(), "nself-lock-"))
  const path = join(dir, ".lock")
  await Bun.write(path, "")
  const taken = withLock(path, ".lock", async () => "mine")
  expect(await Promise.race([taken, Bun.sleep(300).then(() => "waits")])).toBe("waits")
  await rm(path)
  expect(await taken).toBe("mine")
  await rm(dir, { recursive: true, force: true })
})
