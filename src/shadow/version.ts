import { version } from "../../node_modules/@electric-sql/pglite/package.json"

/** The embedded PostgreSQL by its package, known without starting it. */
export const EMBEDDED_VERSION = `pglite ${version}`
