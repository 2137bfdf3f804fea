import { afterAll, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readEnvironment } from "../../src/files/environment.ts"

const made: string[] = []
afterAll(() => Promise.all(made.map(path => rm(path, { recursive: true, force: true }))))

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "nself-env-"))
  made.push(root)
  for (const [path, text] of Object.entries(files)) await Bun.write(join(root, path), text)
  return root
}

test("later files win and the process wins over all", async () => {
  const root = await project({ ".env": "A=1\nB=1\nC=1\nD=1\nE=1", ".env.staging": "B=2\nC=2\nD=2\nE=2", ".env.secrets": "C=3\nD=3\nE=3", ".env.local": "D=4\nE=4", ".env.prod": "A=9" })
  const { env, files, saidBy } = await readEnvironment(root, "staging", { E: "5" })
  expect(env).toEqual({ A: "1", B: "2", C: "3", D: "4", E: "5" })
  expect(files).toEqual([".env", ".env.staging", ".env.secrets", ".env.local"])
  expect(saidBy).toBe("flag")
})

test("a file never sets what changes how programs run, and no command is executed", async () => {
  const root = await project({ ".env": "NODE_OPTIONS=--require ./x\nBUN_OPTIONS=x\nLD_PRELOAD=x\nPATH=/x\nHOME=/x\nX=$(touch pwned)\nexport Y='a # b'" })
  expect((await readEnvironment(root, null, { PATH: "/bin" })).env).toEqual({ PATH: "/bin", X: "$(touch pwned)", Y: "a # b" })
})

test.each<[string, string | null, Readonly<Record<string, string>>, string, string]>([
  ["nothing said", null, {}, "dev", "default"],
  ["the flag", "prod", { NSELF_ENV: "staging" }, "prod", "flag"],
  ["NSELF_ENV before ENV", null, { NSELF_ENV: "staging", ENV: "prod" }, "staging", "variable"],
  ["ENV", null, { ENV: "production" }, "prod", "variable"],
  ["a shell's startup file is no environment", null, { ENV: "/etc/shrc" }, "dev", "default"],
  ["one with a file of its own", "eu", {}, "eu", "flag"],
])("environment: %s", async (_, said, process, name, saidBy) => {
  const root = await project({ ".env.eu": "A=1" })
  expect(await readEnvironment(root, said, process)).toMatchObject({ name, saidBy })
})

test("an unknown environment is a usage error that names the nearest", async () => {
  const root = await project({})
  await expect(readEnvironment(root, "pord", {})).rejects.toMatchObject({ exit: "usage", message: "unknown environment `pord`", hint: "--env prod" })
  await expect(readEnvironment(root, "../../etc", {})).rejects.toMatchObject({ exit: "usage" })
})
