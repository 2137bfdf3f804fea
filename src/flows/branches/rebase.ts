import { basename } from "node:path"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { parseFileName } from "../../core/name.ts"
import { commitOf, git, namesAt } from "../../files/git.ts"
import { appliedIn } from "./applied-in.ts"
import { readFolder, withSeq, type Item } from "./branch-items.ts"
import { rebaseFolder, type RebaseRequest, type RebaseResult } from "./rebase-write.ts"
import { setUp, type Setup } from "../setup.ts"

export interface BranchRequest extends RebaseRequest {
  readonly env: string | null
  readonly url: string | null
  /** The branch to stand behind; `null`: the one that is being merged, or the main branch. */
  readonly onto: string | null
}

export interface BranchResult extends RebaseResult {
  readonly onto: string
}

/** Tried in this order when nobody says which branch is meant. */
const USUAL = ["MERGE_HEAD", "origin/HEAD", "origin/main", "origin/master", "main", "master"]

/** Moves the migrations that this branch added since it left another one behind that one's, and rebuilds journal and snapshots. */
export async function rebase(ctx: Context, request: BranchRequest): Promise<BranchResult> {
  const setup = await setUp(ctx, request.env)
  const onto = await refOf(setup, request.onto)
  const folder = await readFolder(setup)
  const theirs = await upNames(setup, onto)
  refuseUnmerged(setup, theirs, folder.items, onto)
  const ours = folder.items.filter(item => !theirs.includes(item.migration.name))
  if (!["dev", "test"].includes(setup.environment.name)) await refuseApplied(ctx, setup, request, ours)
  let next = Math.max(0, ...folder.items.filter(item => !ours.includes(item)).map(item => item.migration.seq))
  const placed = new Map(ours.map(item => [item, withSeq(item, (next = item.migration.seq > next ? item.migration.seq : next + 1))]))
  const moved = ours.filter(item => placed.get(item) !== item).map(item => ({ from: item.migration.name, item: placed.get(item)! }))
  return { onto, ...(await rebaseFolder(ctx, folder, folder.items.map(item => placed.get(item) ?? item), moved, request)) }
}

/** While `git rebase` runs, HEAD is on their side and ours comes commit by commit: what is not in `onto` is ours there too. */
async function refOf({ root }: Setup, said: string | null): Promise<string> {
  if ((await git(root, ["rev-parse", "--git-dir"])) === null) throw new Fault("usage", "this is no git repository, so nself cannot tell which migrations are this branch's", "nself db migrate renumber <file> --to <number>, then nself db migrate journal rebase")
  const branch = (await git(root, ["symbolic-ref", "-q", "--short", "HEAD"]))?.trim() ?? ""
  for (const ref of said === null ? USUAL.filter(name => name !== branch) : [said]) if (await commitOf(root, ref)) return ref
  if (said !== null) throw new Fault("usage", `git does not know ${said}`, "git branch --all")
  throw new Fault("usage", "which branch shall this one stand behind?", "nself db migrate rebase --onto <branch>")
}

async function upNames({ root, out }: Setup, ref: string): Promise<readonly string[]> {
  return (await namesAt(root, ref, out)).flatMap(file => {
    const name = parseFileName(basename(file))
    return name && !name.down ? [name.name] : []
  })
}

function refuseUnmerged({ out }: Setup, theirs: readonly string[], items: readonly Item[], onto: string): void {
  const here = new Set(items.map(item => item.migration.name))
  const missing = theirs.filter(name => !here.has(name))
  if (missing.length === 0) return
  throw new Fault("refused", `${onto} has migrations that are not here yet: ${missing.map(name => `${out}/${name}.sql`).join(", ")}`, `git merge ${onto}, then nself db migrate rebase --onto ${onto}`)
}

async function refuseApplied(ctx: Context, setup: Setup, { url }: BranchRequest, ours: readonly Item[]): Promise<void> {
  const rows = await appliedIn(ctx, setup, { url, command: "db migrate rebase" })
  const applied = ours.find(({ migration }) => rows.some(row => row.seq === migration.seq && row.name === migration.name))
  if (applied) throw new Fault("refused", `${applied.migration.name}.sql is applied in env ${setup.environment.name}; it must keep its number`, "let the other branch stand behind this one")
}
