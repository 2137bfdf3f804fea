import { Client } from "pg"
import { startServer, type Major } from "../server.ts"
import { HERE, ONCE } from "./rest.ts"
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

/** A database of its own on this server, with the roles and the storage that walks name. */
export async function openGround(major: Major): Promise<Client> {
  const server = await startServer(major)
  const client = new Client({ connectionString: await server.database() })
  await client.connect()
  for (const statement of [...ONCE, ...HERE]) {
    await client.query(statement).catch((error: Error & { code?: string }) => {
      if (error.code !== "42710") throw error // it is there already: another database of this server made it
    })
  }
  return client
}
