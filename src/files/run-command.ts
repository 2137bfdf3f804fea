import { Fault } from "../core/fault.ts"

/** How a command of the user's ended. */
export interface CommandEnd {
  readonly exit: number
  readonly stdout: string
  /** The last lines it wrote to stderr. */
  readonly stderr: string
}

/**
 * Runs a command of the user's in the project's folder, without a shell. Throws a `usage` fault when there is no such command.
 *
 * @param signal  ends it
 */
export async function runCommand(argv: readonly string[], { cwd, env, signal }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal }): Promise<CommandEnd> {
  try {
    const child = Bun.spawn([...argv], { cwd, env: { ...env }, stdin: "ignore", stdout: "pipe", stderr: "pipe", signal })
    const [stdout, stderr, exit] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
    return { exit, stdout, stderr: stderr.trimEnd().split("\n").slice(-5).join("\n") }
  } catch (error) {
    throw new Fault("usage", `cannot run \`${argv[0]}\`: ${error instanceof Error ? error.message : String(error)}`, "check the command's name and PATH", error)
  }
}
