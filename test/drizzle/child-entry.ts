/** Stands for `nself __load` in the tests of this room. */
import { runChild } from "../../src/drizzle/child.ts"

await runChild()
