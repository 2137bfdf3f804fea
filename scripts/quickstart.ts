/** The spec's five steps on a copy of `examples/app`, with the compiled binary and the embedded database; each one is shown as it is typed. */
import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dir, "..")
const binary = join(root, "dist", process.platform === "win32" ? "nself.exe" : "nself")

async function run(cwd: string, command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { cwd, stdout: "inherit", stderr: "inherit" })
  const code = await child.exited
  if (code !== 0) throw new Error(`${command.join(" ")} ended with exit code ${code}`)
}

async function step(title: string, cwd: string, words: string): Promise<void> {
  console.log(`\n# ${title}\n$ nself ${words}`)
  await run(cwd, [binary, ...words.split(" ")])
}

await run(root, [process.execPath, "run", "scripts/build.ts"])
const folder = await mkdtemp(join(tmpdir(), "nself-quickstart-"))
try {
  await cp(join(root, "examples", "app"), folder, { recursive: true })
  console.log("\n# 1. The Drizzle schema is in src/db/schema/")
  await step("2. Generate a migration", folder, "db migrate generate --name first_tables")
  console.log("\n# 3. Review the generated SQL\n$ cat migrations/*.sql")
  for (const path of [...new Bun.Glob("migrations/*.sql").scanSync(folder)].toSorted()) console.log(await Bun.file(join(folder, path)).text())
  await step("4. Apply to the database", folder, "db migrate up")
  await step("5. Verify", folder, "db migrate status")
  await step("And checksums", folder, "db migrate verify-checksums")
  await step("And the way back", folder, "db migrate down")
} finally {
  await rm(folder, { recursive: true, force: true })
}
