import type * as OrmModule from "drizzle-orm"
import type * as PgModule from "drizzle-orm/pg-core"

export type Casing = "snake_case" | "camelCase"

/** The drizzle-orm a schema was written with: its public functions read the schema's objects, ours might not know them. */
export interface Orm {
  readonly core: typeof OrmModule
  readonly pg: typeof PgModule
  readonly version: string
}

/** `0.36` to `0.45` have the functions nself reads with; others are refused by version, since a wrong reading would be a wrong migration. */
export function versionServes(version: string): boolean {
  const found = /^0\.(\d+)\./.exec(version)
  return found !== null && Number(found[1]) >= 36 && Number(found[1]) <= 45
}
