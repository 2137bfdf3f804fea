/** As much of psql as the pages of docs type: `psql <url> -qc 'SQL' -c 'SQL'`. */
import { admin } from "./server.ts"

const [url, ...rest] = process.argv.slice(2)
for (const [i, word] of rest.entries()) if (/^-\w*c$/.test(word)) await admin(url!, rest[i + 1]!)
