import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { COMMON, findCommand, optionName, parseGiven } from "../../src/cli/argv.ts"
import { commands } from "../../src/cli/commands.ts"
import { completions, SHELLS, type Shell } from "../../src/cli/completions.ts"
import { commandHelp } from "../../src/cli/help.ts"
import { manPage } from "../../src/cli/man.ts"

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "nself-completions-"))
  for (const shell of SHELLS) await Bun.write(join(dir, `nself.${shell}`), completions(shell, commands))
  await Bun.write(join(dir, ".env.canary"), "")
  await Bun.write(join(dir, ".env.secrets"), "")
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** The `nself …` of an example, without what the shell does with it. */
function typed(example: string): readonly (readonly string[])[] {
  return [...example.matchAll(/(?:^|[|&;(]\s*|\$\()nself ([^|&;<>)]*)/g)].map(found => found[1]!.trim().split(/\s+/))
}

test.each(commands.map(command => [command.path, command] as const))("%s has a summary and examples, and each is a command line that nself understands", (_, command) => {
  expect(command.summary).toMatch(/^[A-Z].*[^.]$/)
  expect(command.examples?.length ?? 0).toBeGreaterThan(0)
  expect(commandHelp(command)).toContain("\nExamples:\n")
  const lines = command.examples!.flatMap(typed)
  expect(lines.length).toBeGreaterThanOrEqual(command.examples!.length)
  for (const words of lines) {
    const found = findCommand(words, commands)
    expect({ words, known: found !== null }).toEqual({ words, known: true })
    parseGiven(found!.command, found!.rest)
  }
  expect(command.examples!.some(example => typed(example).some(words => findCommand(words, commands)?.command === command))).toBe(true)
})

test.each([...SHELLS])("the %s completions know every command and every option", shell => {
  const script = completions(shell, commands)
  for (const command of commands) {
    expect(script).toContain(command.path)
    for (const option of Object.keys({ ...command.options, ...COMMON })) expect(script).toContain(shell === "fish" ? `-l ${optionName(option).name}` : `--${optionName(option).name}`)
  }
})

const ASK: Readonly<Record<Exclude<Shell, "zsh">, (words: readonly string[]) => readonly string[]>> = {
  bash: words => ["bash", "-c", `source ${dir}/nself.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nself; printf '%s\\n' "\${COMPREPLY[@]}"`, "bash", ...words],
  fish: words => ["fish", "--no-config", "-c", `source ${dir}/nself.fish; complete -C "${words.join(" ")}"`],
}

/** zsh and fish are not on every machine; bash is. */
const here = (["bash", "fish"] as const).filter(shell => Bun.which(shell) !== null)

test.each(here.flatMap(shell => [
  [shell, "nself", ["doctor", "db", "init"], ["migrate", "up"]],
  [shell, "nself db", ["migrate", "seed", "wait"], ["up", "doctor"]],
  [shell, "nself db migrate", ["up", "down", "status", "journal"], ["db", "wait"]],
  [shell, "nself db migrate up --", ["--to", "--dry-run", "--env", "--quiet"], ["--offline"]],
  [shell, "nself db migrate up --env", ["dev", "prod", "canary"], ["secrets"]],
  [shell, "nself db migrate up --to", [], ["--dry-run"]],
] as const))("%s completes after `%s`", (shell, line, there, absent) => {
  const words = line.endsWith("--") ? line.split(" ") : [...line.split(" "), ""]
  const { stdout } = Bun.spawnSync([...ASK[shell](words)], { cwd: dir })
  const offered = stdout.toString().split("\n").map(one => one.split("\t")[0]!.trim())
  for (const word of there) expect(offered).toContain(word)
  for (const word of absent) expect(offered).not.toContain(word)
})

test("every script is one that its shell can read, where the shell is installed", () => {
  for (const shell of SHELLS) {
    if (Bun.which(shell)) expect({ shell, ...Bun.spawnSync([shell, "-n", join(dir, `nself.${shell}`)], { stderr: "pipe" }) }).toMatchObject({ shell, exitCode: 0 })
  }
})

test("the manual page names every command, option, example and exit code, and roff reads nothing of it as its own", () => {
  const page = manPage(commands, "1.2.3")
  for (const command of commands) {
    expect(page).toContain(`.Ss ${command.path}`)
    for (const option of Object.keys(command.options)) expect(page.replaceAll("\\-", "-")).toContain(`.It Fl \\&-${optionName(option).name}`)
  }
  const known = new Set(["Dd", "Dt", "Os", "Sh", "Nm", "Nd", "Ar", "Op", "Pp", "Bl", "It", "El", "Ss", "Bd", "Ed"])
  for (const line of page.split("\n")) expect(line).toMatch(new RegExp(`^(\\.(${[...known].join("|")})\\b|[^.'])|^$`))
  if (Bun.which("mandoc")) expect(Bun.spawnSync(["mandoc", "-Tlint", "-W", "error"], { stdin: Buffer.from(page) }).stdout.toString()).toBe("")
})
