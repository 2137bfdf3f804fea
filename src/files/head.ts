/** The commit that is checked out, 40 hex digits; `null` outside a repository or without git. */
export async function headCommit(root: string): Promise<string | null> {
  try {
    const git = Bun.spawn(["git", "rev-parse", "-q", "--verify", "HEAD"], { cwd: root, stdout: "pipe", stderr: "ignore", stdin: "ignore" })
    const said = (await new Response(git.stdout).text()).trim()
    return (await git.exited) === 0 && /^[0-9a-f]{40,64}$/.test(said) ? said : null
  } catch {
    return null
  }
}
