/** A runner of its own that can be killed: `bun apply-once.ts <url> <sql>`. */
import { openMigrator } from "../../src/pg/migrator.ts"
import { migration, opened, split, step } from "./migrating.ts"

const [url, text] = process.argv.slice(2)
const database = await opened(url!)
await openMigrator(database, split).apply(step(migration(1, text!)))
await database.close()
