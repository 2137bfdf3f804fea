/** Makes the templates that databases start from, before anybody waits for them; prints their paths. */
import { templateFile } from "../src/shadow/template-file.ts"

for (const kind of ["cluster", "shadow"] as const) console.log((await templateFile(kind)).path)
