import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { findCommand, parseGiven } from "../../src/cli/argv.ts"
import { commands } from "../../src/cli/commands.ts"
import { startServer } from "../support/server.ts"

setDefaultTimeout(300_000)
const root = resolve(import.meta.dir, "../..")
const pages = ["README.md", ...new Bun.Glob("docs/*.md").scanSync(root)].toSorted()
/** Written by the tests themselves, so there is nothing typed in them to check. */
const MADE = ["docs/reference.md"]
let bin: string
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), "nself-docs-bin-"))
  await writeFile(join(bin, "nself"), `#!/bin/sh\nexec ${process.execPath} --no-env-file ${root}/src/main.ts "$@"\n`, { mode: 0o755 })
  await writeFile(join(bin, "psql"), `#!/bin/sh\nexec ${process.execPath} --no-env-file ${root}/test/support/psql.ts "$@"\n`, { mode: 0o755 })
})
afterAll(() => rm(bin, { recursive: true, force: true }))

interface Block {
  readonly language: string
  readonly body: string
  /** Offsets of the body in the page. */
  readonly start: number
  readonly end: number
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(found => {
    const start = found.index + found[0].indexOf("\n") + 1
    return { language: found[1]!, body: found[2]!, start, end: start + found[2]!.length }
  })
}

/** What is different each time is made alike. */
function alike(text: string, dir: string): string {
  return text
    .replaceAll(dir, "/home/you/app")
    .replace(/\(\d+ms\)/g, "(42ms)")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "2026-05-01 10:00:00").replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "2026-05-01 10:00").replace(/\d{4}-\d\d-\d\d/g, "2026-05-01")
    .replace(/postgres@127\.0\.0\.1:\d+\/\w+/g, "nself@localhost:5432/nself").replace(/\b127\.0\.0\.1:\d+/g, "localhost:5432")
    .replace(/sha256:[0-9a-f]{64}/g, "sha256:…").replace(/hash: [0-9a-f]{6}/g, "hash: abc123").replace(/PostgreSQL (\d+)\.\d+/g, "PostgreSQL $1")
    .replace(/\b\d+(\.\d+)? [GM]B free/g, "64 GB free").replace(/takes \d+ MB/g, "takes 8 MB").replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "…").replace(/Seed \d{6,}/g, "Seed 3928327285").replace(/--seed \d{6,}/g, "--seed 3928327285")
    .replace(/\d+(\.\d+)? ?(m?s)\b(?=[,)]| in all|$)/gm, "42$2").replace(/room for \d+ locks/g, "room for 6400 locks").replace(/ in \d+\.\d s \(\d+\/s\)/g, " in 0.4 s (5/s)").replace(/"durationMs": \d+/g, '"durationMs": 42').replace(/[ \t]+$/gm, "")
}

/**
 * A page that begins with `<!-- story: app -->` or `<!-- story: empty -->` is typed as it stands, block by block, in a copy of examples/app or in an empty folder, with a
 * database of a real server; with `embedded` behind it, with the one inside nself. `UPDATE_DOCS=1` writes what was said into the page.
 */
test.each(pages.filter(page => !MADE.includes(page)))("%s says what nself says", async path => {
  const page = await Bun.file(join(root, path)).text()
  const story = /^<!-- story: (app|empty)( embedded)? -->$/m.exec(page)
  const consoles = blocksOf(page).filter(block => block.language === "console")
  if (!story) return expect({ path, consoles: consoles.length }).toEqual({ path, consoles: 0 })
  const dir = await mkdtemp(join(tmpdir(), "nself-docs-"))
  try {
    if (story[1] === "app") await cp(join(root, "examples/app"), dir, { recursive: true })
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: dir, TERM: "dumb", GIT_AUTHOR_NAME: "you", GIT_AUTHOR_EMAIL: "you@localhost", GIT_COMMITTER_NAME: "you", GIT_COMMITTER_EMAIL: "you@localhost", ...(story[2] ? {} : { DATABASE_URL: await (await startServer(17)).database() }) }
    let written = page
    for (const block of consoles.toReversed().toReversed()) {
      const said = await typed(block.body, dir, env)
      written = written.replace(`\`\`\`console\n${block.body}\`\`\``, () => `\`\`\`console\n${said}\`\`\``)
      if (process.env["UPDATE_DOCS"] === undefined) expect(said).toBe(block.body)
    }
    if (process.env["UPDATE_DOCS"] !== undefined) await Bun.write(join(root, path), written)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

/** Types every `$ ` line of a block; the lines behind a backslash belong to it. */
async function typed(body: string, dir: string, env: Readonly<Record<string, string>>): Promise<string> {
  const lines = body.split("\n")
  const out: string[] = []
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i]!.startsWith("$ ")) continue
    const command = [lines[i]!]
    while (command.at(-1)!.endsWith("\\")) command.push(lines[++i]!)
    const here = /<<'?(\w+)'?/.exec(command[0]!)?.[1]
    while (here && command.at(-1) !== here) command.push(lines[++i]!)
    const child = Bun.spawn(["/bin/sh", "-c", `exec 2>&1\n${command.join("\n").slice(2)}`], { cwd: dir, env: { ...env }, stdin: "ignore", stdout: "pipe" })
    const said = alike(await child.stdout.text(), dir)
    out.push(...command, ...(said.trim() === "" ? [] : [said.replace(/\n+$/, "")]))
  }
  return `${out.join("\n")}\n`
}

test.each(pages.filter(page => !MADE.includes(page)))("every command line in %s is one that nself understands", async path => {
  const page = await Bun.file(join(root, path)).text()
  const lines = blocksOf(page).filter(({ language }) => ["sh", "console", "bash", "yaml", "dockerfile", "json"].includes(language)).flatMap(({ body }) => body.split("\n"))
  for (const line of lines) {
    for (const found of line.replace(/^\$ /, "").replaceAll(/\s\d?>\S+/g, "").replaceAll(/"\$\{?(\w+)[^"]*"/g, "$1").replaceAll(/(?<=\s)("[^"]*"|'[^']*'|<[\w-]+>)/g, "quoted").matchAll(/(?:^|[|&;(]\s*|\brun: |\bentry: |sudo |- )nself ([a-z][^|&;<>)#'"`]*)/g)) {
      const words = found[1]!.trim().split(/\s+/).filter(word => word !== "\\")
      if (words.length === 0 || words[0] === "for") continue
      const command = findCommand(words, commands)
      expect({ path, line, known: command !== null }).toEqual({ path, line, known: true })
      if (!words.includes("…") && !words.includes("--help")) parseGiven(command!.command, command!.rest)
    }
  }
})

test("every file that a page leads to is there", async () => {
  for (const path of pages) {
    const page = await Bun.file(join(root, path)).text()
    for (const [, target] of page.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)) expect({ path, target, there: await Bun.file(join(root, path, "..", target!)).exists() || (await Array.fromAsync(new Bun.Glob("*").scan({ cwd: join(root, path, "..", target!), onlyFiles: false })).catch(() => [])).length > 0 }).toMatchObject({ there: true })
  }
})
