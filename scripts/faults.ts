/**
 * `bun run faults`: every fault of FAULTS.md that concerns the runner, on PostgreSQL 15 and 18, the chaos and the fuzzer at length included. The tests that this
 * machine could not run are named at the end.
 */
const root = `${import.meta.dir}/..`
const RUNS: readonly (readonly [title: string, command: readonly string[], ends: number])[] = [
  ["fault tests", ["test", "--timeout", "120000", "test/pg/faults", "test/pg/pains"], 0],
  ["chaos, PostgreSQL 15", ["scripts/chaos/run.ts", "--rounds", "100", "--major", "15"], 0],
  ["chaos, PostgreSQL 18", ["scripts/chaos/run.ts", "--rounds", "100", "--major", "18"], 0],
  ["chaos without the guard: must fail", ["scripts/chaos/run.ts", "--rounds", "20", "--without-guard"], 1],
  ["generate, renumber and rebase killed", ["scripts/chaos/files.ts", "--rounds", "200"], 0],
  ["fuzzer", ["scripts/fuzz/run.ts", "--inputs", "20000"], 0],
]

const notRun = new Set<string>()
const results: string[] = []
for (const [title, command, ends] of RUNS) {
  console.log(`\n== ${title}`)
  const child = Bun.spawn([process.execPath, ...command], { cwd: root, stdout: "inherit", stderr: "pipe", env: { ...process.env, FAULTS: "all", FORCE_COLOR: "0" } })
  const decoder = new TextDecoder()
  let text = ""
  for await (const chunk of child.stderr) {
    const part = decoder.decode(chunk, { stream: true })
    text += part
    process.stderr.write(part)
  }
  for (const found of text.matchAll(/^\(skip\) [^\n]*/gm)) notRun.add(found[0])
  results.push(`${(await child.exited) === ends ? "passed" : "FAILED"}  ${title}`)
}
console.log(`\n${results.join("\n")}`)
console.log(notRun.size === 0 ? "\nEvery row was run on this machine." : `\n${notRun.size} not run on this machine:\n${[...notRun].map(one => `  ${one}`).join("\n")}`)
const failed = results.filter(one => one.startsWith("FAILED")).length
console.log(`\n${results.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
