import { Fault } from "../../core/fault.ts"
import type { ForeignProject, Tool } from "../../core/foreign.ts"
import { readDrizzle } from "./drizzle.ts"
import { readDrizzleFolders, readHasura } from "./folders.ts"
import { readDbmate, readNodePgMigrate } from "./sections.ts"

type Reader = (root: string, folder: string) => Promise<ForeignProject | null>

/** Who reads what, and where it usually lies; `out` stands for the folder in the config. */
const READERS: Readonly<Record<Tool, { readonly read: Reader; readonly usual: readonly string[] }>> = {
  drizzle: { read: readDrizzle, usual: ["out", "drizzle", "migrations"] },
  "drizzle-folders": { read: readDrizzleFolders, usual: ["out", "drizzle", "migrations"] },
  dbmate: { read: readDbmate, usual: ["db/migrations", "out"] },
  "node-pg-migrate": { read: readNodePgMigrate, usual: ["migrations", "out"] },
  hasura: { read: readHasura, usual: ["hasura/migrations", "migrations", "out"] },
}

/**
 * The history of another tool in this project.
 *
 * @param tool    the one that is meant; `null`: whichever is found
 * @param folder  where it lies; `null`: where it usually does
 * @param out     the folder of the config
 * Throws `usage` where there is none.
 */
export async function readForeignProject(root: string, { tool, folder, out }: { readonly tool: Tool | null; readonly folder: string | null; readonly out: string }): Promise<ForeignProject> {
  const tools = tool === null ? (Object.keys(READERS) as Tool[]) : [tool]
  for (const one of tools) {
    const places = folder === null ? READERS[one].usual.map(place => (place === "out" ? out : place)) : [folder]
    for (const place of new Set(places)) {
      const found = await READERS[one].read(root, place)
      if (found) return found
    }
  }
  throw new Fault("usage", `no migrations of ${tool ?? "another tool"} were found${folder === null ? "" : ` in ${folder}`}`,
    `nself db migrate adopt --from <${Object.keys(READERS).join("|")}> --source <folder>`)
}
