/** A runner of its own that can be killed: `bun apply-once.ts <url> <sql>`. */
import { splitStatements } from "../../src/core/statements.ts"
import { openMigrator } from "../../src/pg/migrator.ts"
import { migration, opened, step } from "./migrating.ts"

const [url, text] = process.argv.slice(2)
const database = await opened(url!)
await openMigrator(database, splitStatements).apply(step(migration(1, text!)))
await database.close()
