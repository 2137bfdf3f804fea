/** Who brought a file into the repository, by name; `unknown` outside a repository, for a file git does not know, without git. */
export async function authorOf(root: string, path: string): Promise<string> {
  try {
    const git = Bun.spawn(["git", "log", "-1", "--diff-filter=A", "--format=%an", "--", path], { cwd: root, stdout: "pipe", stderr: "ignore", stdin: "ignore" })
    const said = (await new Response(git.stdout).text()).trim()
    return (await git.exited) === 0 && said !== "" ? said : "unknown"
  } catch {
    return "unknown"
  }
}
