import type { Generated } from "../../core/generated.ts"
import { checkName } from "../../core/name.ts"
import { command } from "../command.ts"
import { generateText } from "../report/generate.ts"

export default command<Generated>({
  path: "db migrate generate",
  summary: "Generate a migration from the changes of the Drizzle schema",
  options: {
    "--name <name>": "Name of the migration, for example add_documents_table",
    "--custom": "Write an empty migration for hand-written SQL",
    "--check": "Write nothing; fail (exit 5) when the schema has changes without a migration",
    "--dry-run": "Print the SQL, write nothing",
    "--rename <old=new...>": "A table, column, enum or enum value was renamed, for example np_users.mail=np_users.email",
    "--no-renames": "Nothing was renamed: what is gone is dropped, what is new is added",
    "--assume-empty <table...>": "This table has no rows where the migration will run",
    "--from-db": "Take over what was changed in the database by hand: the migration makes the history agree with it",
    "--url <url>": "With --from-db: database, instead of the environment's",
    "--shadow-url <url>": "A real server that proves the migration, instead of the embedded PostgreSQL",
  },
  shadow: true,
  examples: ["nself db migrate generate --name add_documents_table", "nself db migrate generate --from-db --name fix_drift_from_20260507"],
  run: async (ctx, given) => {
    const name = given.value("name")
    if (name !== null) checkName(name)
    const { generate } = await import("../../flows/generate/generate.ts")
    return generate(ctx, {
      env: given.value("env"), name, custom: given.flag("custom"), check: given.flag("check"), dryRun: given.flag("dry-run"),
      renames: given.values("rename"), noRenames: given.flag("no-renames"), assumeEmpty: given.values("assume-empty"),
      fromDb: given.flag("from-db"), url: given.value("url"), shadowUrl: given.value("shadow-url"),
    })
  },
  text: generateText,
  exit: ({ status }) => (status === "needed" ? "drift" : "ok"),
})
