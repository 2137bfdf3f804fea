import type { Options } from "./command.ts"

/** Of commands that put rows in or meet them. */
export const DETAIL: Options = { "--show-detail": "Show rows that PostgreSQL quotes in its errors outside of dev and test, too" }
