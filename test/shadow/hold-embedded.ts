/** Run by embedded.test.ts as a process of its own: opens the database, commits a row, begins another, says so, and waits to be killed. */
import { openEmbedded } from "../../src/shadow/embedded.ts"

const database = await openEmbedded(process.argv[2]!, { waitMs: 60_000, command: "test writer" })
const session = await database.session()
await session.script("create table if not exists kept(id int); insert into kept values (1)")
await session.script("begin; insert into kept values (2)")
console.log("ready")
setInterval(() => {}, 1000)
