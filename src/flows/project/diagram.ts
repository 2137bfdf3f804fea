import type { Context } from "../../core/context.ts"
import type { Diagram } from "../../core/diagram.ts"
import { diagramOf } from "../../kinds/diagram.ts"
import { withDatabase } from "../database.ts"
import { appliedFiles } from "../drift/diff.ts"
import { historiesOf } from "../history/histories.ts"
import { readLive } from "../drift/live.ts"
import { readHistory, setUp } from "../setup.ts"
import { shadowsOf } from "../history/shadows.ts"
import { ledgerOf } from "../runner/steps.ts"

export interface DiagramRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** Mark what the pending migrations change. */
  readonly diff: boolean
  /** The database as it is, instead of what the migrations make. */
  readonly live: boolean
}

export interface Drawn {
  readonly diagram: Diagram
  /** What the picture shows, in words. */
  readonly title: string
}

/** What the migrations make, as a picture; no database is needed unless it is asked for one. */
export async function diagram(ctx: Context, { env, url, diff, live }: DiagramRequest): Promise<Drawn> {
  const setup = await setUp(ctx, env)
  const open = <T>(work: Parameters<typeof withDatabase<T>>[3]): Promise<T> => withDatabase(ctx, setup, { url, command: "db diagram", runId: ctx.uuid() }, work)
  if (live) {
    const { catalog, label } = await open(async database => ({ ...(await readLive(database)), label: database.label }))
    return { diagram: diagramOf(catalog), title: label }
  }
  const { files } = await readHistory(setup)
  const applied = diff ? appliedFiles(files, await open(ledgerOf)).applied : files
  const shadows = await shadowsOf(ctx, setup, null)
  try {
    const [before, after] = await historiesOf({ root: setup.root, version: ctx.version, shadows }, applied === files ? [files] : [applied, files])
    const pending = files.length - applied.length
    return { diagram: diagramOf((after ?? before!).catalog, diff ? before!.catalog : null), title: diff ? `${files.length} migrations, ${pending} of them pending` : `${files.length} migrations` }
  } finally {
    await shadows.close()
  }
}
