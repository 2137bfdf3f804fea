import type { Context } from "../../core/context.ts"
import { readFolder } from "./branch-items.ts"
import { rebaseFolder, type RebaseRequest, type RebaseResult } from "./rebase-write.ts"
import { setUp } from "../setup.ts"

/**
 * Rebuilds journal and snapshot chain from the files: their order, `when` strictly rising, checksums, `prevId`. A migration that was made without
 * one that now stands before it is tried again on the history it has now.
 */
export async function journalRebase(ctx: Context, request: RebaseRequest): Promise<RebaseResult> {
  const folder = await readFolder(await setUp(ctx, request.env))
  return rebaseFolder(ctx, folder, folder.items, [], request)
}
