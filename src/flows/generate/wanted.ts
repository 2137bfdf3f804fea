import { EMPTY, type Catalog } from "../../core/catalog.ts"
import { compare, isSame } from "../../core/compare.ts"
import type { Migration, Session } from "../../core/types.ts"
import type { Declared } from "../../drizzle/declared.ts"
import { readCache, writeCache } from "../../files/cache.ts"
import type { Config } from "../../files/config.ts"
import { readSqlFiles } from "../../files/sql-files.ts"
import { inspect } from "../../kinds/inspect.ts"
import { declaredOf, historyKey, type HistoryPlace } from "../history/histories.ts"
import { replay } from "../history/replay.ts"
import { declaredCatalog } from "./declare.ts"
import { declareStraight, type Straight } from "./straight.ts"

/** What the migrations give. */
export interface Had {
  readonly have: Catalog
  /** Whether the shadow holds it; else the shadow is empty. */
  readonly held: boolean
}

/** The catalog of the history. Where it is known from another time the shadow stays empty: most often nothing has changed, and then nobody needs the replay. */
export async function historyIn(shadow: Session, place: HistoryPlace, migrations: readonly Migration[]): Promise<Had> {
  if (migrations.length === 0) return { have: EMPTY, held: true }
  const key = historyKey(place, migrations)
  const known = await readCache(place.root, key)
  if (known) return { have: known.catalog, held: false }
  await replay(shadow, migrations)
  const have = await inspect(shadow.query)
  await writeCache(place.root, key, { engine: shadow.engine, catalog: have })
  return { have, held: true }
}

export interface WantedInput extends Had {
  readonly config: Config
  readonly migrations: readonly Migration[]
  readonly declared: Declared
  readonly place: HistoryPlace
  readonly shadow: Session
}

/** What the schema asks for. */
export interface Wanted {
  readonly want: Catalog
  /** Where the shadow holds the schema itself from now on. */
  readonly straight: Straight | null
}

/** The catalog of the schema; kept where the history says the same, because then it is asked for again and again. */
export async function wantedIn({ config, migrations, declared, place, shadow, have, held }: WantedInput): Promise<Wanted> {
  const schema = { declared, sqlFiles: await readSqlFiles(config.root, config.sql), updatedAtTriggers: config.updatedAtTriggers }
  const straight = migrations.length === 0 ? await declareStraight(shadow, schema) : null
  if (straight) return { want: straight.catalog, straight }
  const made = async () => ({ engine: shadow.engine, catalog: await declaredCatalog(shadow, { ...schema, history: have, held }) })
  return { want: await declaredOf(place, migrations, schema, made, want => migrations.length > 0 && isSame(compare(want, have))), straight: null }
}
