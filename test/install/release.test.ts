import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { version } from "../../package.json"
import { sha256 } from "../../scripts/build/sha256.ts"
import { archive } from "../../scripts/release/archive.ts"
import { installerOf } from "../../scripts/release/installer.ts"
import { notesOf } from "../../scripts/release/notes.ts"
import { sbom } from "../../scripts/release/sbom.ts"
import { run, SCRIPT } from "./support.ts"

const root = resolve(import.meta.dir, "../..")
let dir: string
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), "nself-archive-test-"))))
afterAll(() => rm(dir, { recursive: true, force: true }))

test("an archive holds its files, executable where they were, and the same files give the same bytes", async () => {
  const files = [{ path: "nself", from: SCRIPT }, { path: "share/x.txt", from: { text: "x\n" } }]
  const first = await archive(join(dir, "a"), files)
  const second = await archive(join(dir, "b"), files.toReversed())
  expect(await Promise.all(first.map(sha256))).toEqual(await Promise.all(second.map(sha256)))
  expect((await run(["tar", "-tvzf", first[0]!])).out.split("\n").map(line => line.split(/\s+/).filter((_, i) => i !== 2 && i !== 3 && i !== 4).join(" "))).toEqual(["-rwxr-xr-x 0/0 nself", "-rw-r--r-- 0/0 share/x.txt", ""])
  await Bun.write(join(dir, "c.tar"), Bun.zstdDecompressSync(await Bun.file(first[1]!).bytes()))
  expect((await run(["tar", "-xOf", join(dir, "c.tar"), "share/x.txt"])).out).toBe("x\n")
})

test("notes are one version's part of the changelog, and a version without notes is no release", () => {
  const text = "# Changes\n\n## 0.2.0\n\n- b\n\n## 0.1.0 (2026-05-01)\n\n- a\n\n## 0.0.1\n"
  expect(notesOf(text, "0.2.0")).toBe("- b\n")
  expect(notesOf(text, "0.1.0")).toBe("- a\n")
  expect(() => notesOf(text, "0.0.1")).toThrow("says nothing")
  expect(() => notesOf(text, "0.1")).toThrow("has no")
})

test("CHANGELOG.md has notes for the version in package.json", async () => {
  expect(notesOf(await Bun.file(join(root, "CHANGELOG.md")).text(), version)).toContain("- ")
})

test("a released installer knows its place, version and sums, and nothing that would be shell", async () => {
  const script = await Bun.file(SCRIPT).text()
  const made = installerOf(script, { url: "https://example.org/nself", version: "1.2.3", sums: "abc" })
  expect(made).toContain("\nreleased_url='https://example.org/nself'\nreleased_version='1.2.3'\nreleased_sums='abc'\n")
  expect(() => installerOf(script, { url: "https://example.org/'; rm -rf /; '", version: "1", sums: "" })).toThrow("cannot stand in a shell script")
})

test("the bill of materials names every package with version, licence and hash, and who needs whom", async () => {
  const bill = await sbom({ root, version: "1.2.3", packages: ["@electric-sql/pglite", "pg", "pg-pool"], bun: "1.4.5" }) as { components: { name: string; purl: string; hashes?: { content: string }[]; licenses: object[] }[]; dependencies: { ref: string; dependsOn: string[] }[] }
  expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" })
  expect(bill.components.map(one => one.name)).toEqual(["bun", "@electric-sql/pglite", "pg", "pg-pool"])
  for (const one of bill.components.slice(1)) {
    expect(one.hashes![0]!.content).toMatch(/^[0-9a-f]{128}$/)
    expect(one.licenses).toHaveLength(1)
  }
  const refs = new Set(bill.dependencies.map(one => one.ref))
  for (const { dependsOn } of bill.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref)
  expect(bill.dependencies.find(one => one.ref.startsWith("pkg:npm/pg@"))!.dependsOn.join()).toContain("pkg:npm/pg-pool@")
})
