/** What a command costs: wall time over several runs, and peak memory of the process and its children as the kernel counted it. */
export interface Cost {
  /** Milliseconds, the middle of all runs. */
  readonly median: number
  /** Milliseconds, the best run: what is left when nothing else is going on. */
  readonly best: number
  /** MB, the highest of all runs. */
  readonly peak: number
}

export interface Run {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly runs?: number
  /** Before each run, not measured. */
  readonly before?: () => Promise<void>
}

/** Throws with what the command said when it fails. */
export async function measure({ command, cwd, env = {}, runs = 10, before }: Run): Promise<Cost> {
  const times: number[] = []
  let peak = 0
  for (let i = 0; i < runs; i++) {
    await before?.()
    const started = performance.now()
    const child = Bun.spawn([...command], { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", ...env } })
    const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited, new Response(child.stdout).text()])
    times.push(performance.now() - started)
    if (code !== 0) throw new Error(`${command.join(" ")}: exit ${code}\n${said}`)
    peak = Math.max(peak, (child.resourceUsage()?.maxRSS ?? 0) / 1e6)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)]!, best: sorted[0]!, peak }
}

export const ms = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`
