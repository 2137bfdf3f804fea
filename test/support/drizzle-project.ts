/** A project whose Drizzle schema changes step by step, as a person changes it: for stories around `generate`. */
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { nself, project, runNself, type Said, type Typing } from "./nself.ts"

export interface DrizzleProject {
  readonly dir: string
  /** Replaces `src/db/schema/all.ts`; the imports stand in front of it. */
  schema(text: string): Promise<void>
  /** Writes any other file of the project. */
  file(path: string, text: string): Promise<void>
  read(path: string): Promise<string>
  /** A migration's text without its comments. */
  sql(path: string): Promise<string>
  /** Runs a command and must see it end with this code. */
  run(args: string, exit?: number, typing?: Typing): Promise<Said>
  /** The same as a transcript. */
  typed(args: string, typing?: Typing): Promise<string>
  remove(): Promise<void>
}

const IMPORTS = `import { boolean, check, index, integer, pgEnum, pgSchema, pgTable, pgView, text, timestamp, unique, uuid, varchar } from "drizzle-orm/pg-core"\nimport { sql } from "drizzle-orm"\n`

export async function drizzleProject(config = ""): Promise<DrizzleProject> {
  const { dir } = await project({ "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations"${config} }\n` })
  const file = async (path: string, text: string) => void (await Bun.write(join(dir, path), text))
  const read = (path: string) => Bun.file(join(dir, path)).text()
  return {
    dir, file, read,
    schema: text => file("src/db/schema/all.ts", IMPORTS + text),
    sql: async path => (await read(path)).split("\n").filter(line => !line.startsWith("--")).join("\n").trim(),
    async run(args, exit = 0, typing) {
      const said = await runNself(dir, args, typing)
      if (said.exit !== exit) throw new Error(`nself ${args}: exit ${said.exit} instead of ${exit}\n${said.stdout}\n${said.stderr}`)
      return said
    },
    typed: (args, typing) => nself(dir, args, typing),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
