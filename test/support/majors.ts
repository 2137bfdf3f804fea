import type { Major } from "./server.ts"

/**
 * PostgreSQL versions for tests of faults that take long: `bun run faults` runs them on 15 and 18, each row of FAULTS.md; the ordinary run, which must be
 * short, on 18 alone.
 */
export const FAULT_MAJORS: readonly Major[] = process.env["FAULTS"] === "all" ? [15, 18] : [18]
