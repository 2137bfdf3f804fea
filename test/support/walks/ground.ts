import type { Client } from "pg"
import type { Ground } from "./walk.ts"

/** Questions are prepared once, because planning them takes longer than answering. */
export function groundOf(client: Client): Ground {
  return {
    query: async <R>(sql: string, params: readonly unknown[] = []) => {
      const name = new Bun.CryptoHasher("md5").update(sql).digest("hex")
      return (await client.query({ name, text: sql, values: [...params] })).rows as R[]
    },
    script: async sql => void (await client.query(sql)),
  }
}
