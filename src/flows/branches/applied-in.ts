import type { Context } from "../../core/context.ts"
import type { Applied } from "../../core/types.ts"
import { withDatabase } from "../database.ts"
import { hasEmbedded, type Setup } from "../setup.ts"
import { ledgerOf } from "../runner/steps.ts"

/** The rows of this environment's ledger; none where dev has no database yet, which is not made for the question alone. */
export async function appliedIn(ctx: Context, setup: Setup, { url, command }: { readonly url: string | null; readonly command: string }): Promise<readonly Applied[]> {
  const { settingsFrom } = await import("../../pg/settings-from.ts")
  const configured = settingsFrom({ url, env: setup.environment.env, credentials: setup.config.credentials }) !== null
  if (!configured && !hasEmbedded(setup)) return []
  return withDatabase(ctx, setup, { url, command, runId: ctx.uuid() }, ledgerOf)
}
