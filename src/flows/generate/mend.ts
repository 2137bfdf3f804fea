import type { Catalog } from "../../core/catalog.ts"
import { compare, driftLines, isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import type { Generated, GenerateOptions } from "../../core/generated.ts"
import { guarded } from "../../core/guarded.ts"
import { downText, upText } from "../../core/migration-text.ts"
import { EMPTY } from "../../core/part.ts"
import type { Migration } from "../../core/types.ts"
import { writeMigration } from "../../files/write-migration.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { losses } from "../../kinds/loss.ts"
import { refuseBehind, withoutOthers } from "./absorb.ts"
import { HOME, withDatabase } from "../database.ts"
import { adopted, textNotes } from "../drift/diff.ts"
import { nameOf } from "./generate.ts"
import { historyOf } from "../history/histories.ts"
import { readLive } from "../drift/live.ts"
import { replay } from "../history/replay.ts"
import { readHistory, setUp, type Setup } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"
import { survive } from "../history/survive.ts"

const COMMAND = "db migrate generate"

/**
 * The migration that takes back what somebody did to a database by hand. Each statement does nothing where its work is done already, so that it runs in that
 * database and in all others; it is proved on both.
 */
export async function mend(ctx: Context, options: GenerateOptions): Promise<Generated> {
  const setup = await setUp(ctx, options.env)
  const { files } = await readHistory(setup)
  const name = nameOf(options, files)
  const shadows = await shadowsOf(ctx, setup, options.shadowUrl ?? null)
  try {
    const { live, label } = await withDatabase(ctx, setup, { url: options.url ?? null, command: COMMAND, runId: ctx.uuid() }, async database => ({ live: await readLive(database), label: database.label }))
    refuseBehind(files, live)
    const history = await historyOf({ root: setup.root, version: ctx.version, shadows }, files)
    const have = withoutOthers(setup, history.catalog, live.catalog)
    const survived = await survive(shadows, history.catalog, have)
    const nothing: Generated = { status: "nothing", files: [], up: "", down: "", warnings: [], engine: "", absorbed: { database: label, imports: [], declarations: [], edits: [] } }
    if (isSame(survived.drift)) return nothing
    const want = adopted(history.catalog, have, survived.drift)
    const up = ddl(want, have).map(guarded)
    await prove(shadows, { files, history: history.catalog, have, up })
    const texts = textsOf(setup, { name, engine: history.engine, up, lost: losses(want, have), again: ddl(have, want) })
    const result = { files: [], ...texts, warnings: textNotes(survived), engine: history.engine }
    if (options.dryRun) return { ...result, status: "dry-run" }
    return { ...result, status: "written", files: await writeMigration(setup.root, setup.out, { name, ...texts, snapshot: null, when: ctx.now().getTime() }) }
  } finally {
    await shadows.close()
  }
}

interface Proof {
  readonly files: readonly Migration[]
  readonly history: Catalog
  readonly have: Catalog
  readonly up: readonly string[]
}

/** On the history it changes nothing; on a database of the other shape it gives the history. */
async function prove(shadows: Shadows, { files, history, have, up }: Proof): Promise<void> {
  const shapes = [
    { what: "a database that nobody changed", make: (shadow: Parameters<typeof replay>[0]) => replay(shadow, files) },
    { what: "the database as it is", make: (shadow: Parameters<typeof replay>[0]) => runAll(shadow, ddl(have, EMPTY)) },
  ]
  for (const { what, make } of shapes) {
    const shadow = await shadows.open()
    try {
      await shadow.script("set check_function_bodies = off")
      await make(shadow)
      await runAll(shadow, up)
      const drift = compare(history, await inspect(shadow.query, HOME))
      if (!isSame(drift)) throw new Fault("failed", `nothing was written: on ${what} the migration does not give what the migrations before it do:\n${driftLines(drift).join("\n")}`, `the statements are in nself db migrate diff --sql; as a migration: nself ${COMMAND} --custom --name <name>`)
    } finally {
      await shadow.close()
    }
  }
}

async function runAll(shadow: Parameters<typeof replay>[0], statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await shadow.script(statement).catch((error: Error) => {
      throw new Fault("failed", `nothing was written: ${error.message}\n\n${statement}`, "--shadow-url <url> lets a real server be the shadow, one that has the same extensions", error)
    })
  }
}

interface Mended {
  readonly name: string
  readonly engine: string
  readonly up: readonly string[]
  readonly lost: readonly string[]
  /** What was done by hand, once more. */
  readonly again: readonly string[]
}

/** The way back makes nothing: done again, the work by hand would be drift again, and in databases that never had it. It stands there to be read. */
function textsOf({ out, environment }: Setup, { name, engine, up, lost, again }: Mended): { readonly up: string; readonly down: string } {
  const text = {
    name, engine, up, down: [], upLoses: lost, downLoses: [],
    upNotes: [`Takes back what was changed by hand in the database of env ${environment.name}; elsewhere it changes nothing.`],
    downNotes: [
      "Nothing to take back: the migrations before it already say the same.",
      `What was done by hand in the database of env ${environment.name}, should it be wanted after all (in a migration of its own; rows do not come back):`,
      ...again.flatMap(statement => `${statement};`.split("\n")).map(line => `  ${line}`),
    ],
  }
  return { up: upText(text, out), down: downText(text, out) }
}
