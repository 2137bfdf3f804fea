import type { Client } from "pg"
import type { Query } from "../../src/core/types.ts"

/** A plain client as the rooms below ask their questions. */
export const queryOf = (client: Client): Query => async <R>(sql: string, params: readonly unknown[] = []) => (await client.query(sql, [...params])).rows as R[]
