import { join } from "node:path"
import { nself, project, runNself } from "./nself.ts"

/** A project in a real git repository, for stories about branches. */
export interface Repository {
  readonly dir: string
  readonly git: (...args: readonly string[]) => Promise<string>
  /** Writes files and commits everything, by the author given. */
  readonly commit: (message: string, files?: Readonly<Record<string, string>>, author?: string) => Promise<void>
  /** A new branch from `from`, checked out. */
  readonly branch: (name: string, from?: string) => Promise<void>
  /** Merges and returns the paths that git could not merge by itself. */
  readonly merge: (branch: string) => Promise<readonly string[]>
  /** Runs nself and fails where it does. */
  readonly run: (args: string) => Promise<string>
  /** As `nself` of the support: one block for a snapshot. */
  readonly type: (args: string, env?: Readonly<Record<string, string>>) => Promise<string>
  readonly read: (path: string) => Promise<string>
  readonly write: (path: string, text: string) => Promise<void>
  readonly remove: () => Promise<void>
}

const IDENTITY = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", GIT_EDITOR: "true" }

/** Branch `main` with one commit of these files. */
export async function repository(files: Readonly<Record<string, string>>): Promise<Repository> {
  const { dir, remove } = await project(files)
  const call = async (args: readonly string[], author = "developer-M"): Promise<{ out: string; code: number }> => {
    const who = { GIT_AUTHOR_NAME: author, GIT_AUTHOR_EMAIL: `${author}@example.com`, GIT_COMMITTER_NAME: author, GIT_COMMITTER_EMAIL: `${author}@example.com` }
    const child = Bun.spawn(["git", ...args], { cwd: dir, stdout: "pipe", stderr: "pipe", stdin: "ignore", env: { PATH: process.env["PATH"] ?? "", ...IDENTITY, ...who } })
    const [out, err, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
    return { out: out + err, code }
  }
  const git = async (...args: readonly string[]): Promise<string> => {
    const { out, code } = await call(args)
    if (code !== 0) throw new Error(`git ${args.join(" ")}: ${out}`)
    return out.trim()
  }
  const write = async (path: string, text: string): Promise<void> => void (await Bun.write(join(dir, path), text))
  const commit: Repository["commit"] = async (message, more = {}, author) => {
    for (const [path, text] of Object.entries(more)) await write(path, text)
    await git("add", "-A")
    const { out, code } = await call(["commit", "-qm", message], author)
    if (code !== 0) throw new Error(out)
  }
  await git("init", "-q", "-b", "main")
  await write(".gitignore", ".nself/\n")
  await commit("start")
  return {
    dir, git, commit, write, remove,
    branch: async (name, from = "main") => void (await git("checkout", "-qb", name, from)),
    merge: async branch => {
      await call(["merge", "-q", "--no-edit", branch])
      return (await git("diff", "--name-only", "--diff-filter=U")).split("\n").filter(path => path !== "")
    },
    run: async args => {
      const said = await runNself(dir, args)
      if (said.exit !== 0) throw new Error(`nself ${args}: exit ${said.exit}\n${said.stdout}\n${said.stderr}`)
      return said.stdout
    },
    type: (args, env) => nself(dir, args, env ? { env } : {}),
    read: path => Bun.file(join(dir, path)).text(),
  }
}

/** A Drizzle config with the usual folders. */
export const CONFIG = { "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }\n` }

/** `src/db/schema/<name>.ts` with one table. `columns`: lines of TypeScript. */
export function table(name: string, columns: readonly string[], extra = ""): Readonly<Record<string, string>> {
  const body = columns.map(line => `  ${line},\n`).join("")
  return { [`src/db/schema/${name}.ts`]: `import { index, integer, pgTable, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core"\n\nexport const ${name} = pgTable("${name}", {\n${body}}${extra})\n` }
}
