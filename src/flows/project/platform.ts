import { join } from "node:path"
import { Fault } from "../../core/fault.ts"
import { schemasMadeBy } from "../../core/schemas-made.ts"
import type { Config } from "../../files/config.ts"
import { readText } from "../../files/read-text.ts"

/**
 * Reads what a hosting platform brings along (`nself.shadow.setup`) and lets every shadow begin with it. The schemas it makes are the platform's, so they
 * are left to others in real databases too. Throws `usage` where the file is not there.
 */
export async function withPlatform(config: Config): Promise<Config> {
  if (config.shadowSetup === null) return config
  const sql = await readText(config.root, join(config.root, config.shadowSetup), config.shadowSetup)
  if (sql === null) throw new Fault("usage", `${config.shadowSetup} (nself.shadow.setup) is not there`, "correct the path in drizzle.config.ts")
  const { usePlatform } = await import("../../shadow/platform.ts")
  usePlatform({ sql, path: config.shadowSetup })
  return { ...config, ignore: [...config.ignore, ...await schemasMadeBy(sql)] }
}
