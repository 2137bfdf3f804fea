import type { PgError } from "./types.ts"

/** Whether rows are shown in errors; the environment and `--show-detail` say it, once a process. */
let shown = true

/** From now on what PostgreSQL says about rows (`Key (mail)=(ann@example.org) already exists.`) is shown or hidden. */
export function showRowData(given: boolean): void {
  shown = given
}

export const rowDataShown = (): boolean => shown

/** Error classes whose detail and context may quote rows: data exceptions, broken constraints, what a function raises. */
const ABOUT_ROWS = /^(22|23|P0)/

/** The lines with PostgreSQL's detail and context, or, where they may quote a row that must not be shown, how to see them. */
export function detailLines({ code, detail, where }: Partial<PgError>): readonly string[] {
  if (!detail && !where) return []
  if (!shown && ABOUT_ROWS.test(code ?? "")) return ["detail: hidden, because it may quote rows; --show-detail shows it"]
  return [...(detail ? [`detail: ${detail}`] : []), ...(where ? [`context: ${where}`] : [])]
}
