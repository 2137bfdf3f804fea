/** Makes the template that shadows start from, before anybody waits for it; prints its path. */
import { templateFile } from "../src/shadow/template-file.ts"

console.log(await templateFile())
