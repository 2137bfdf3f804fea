/** How far a long run is. */
export interface Progress {
  readonly table: string
  readonly done: number
  readonly total: number
  readonly elapsedMs: number
}

const WIDTH = 24

/** `np_users  [######------------------]  25%  250,000/1,000,000  83,333 rows/s  9s left`. Plain text of one line. */
export function progressLine({ table, done, total, elapsedMs }: Progress): string {
  const part = total === 0 ? 1 : done / total
  const filled = Math.floor(part * WIDTH)
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0
  const left = rate > 0 ? Math.ceil((total - done) / rate) : null
  const bar = `[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}]`
  return [table, bar, `${String(Math.floor(part * 100)).padStart(3)}%`, `${grouped(done)}/${grouped(total)}`, `${grouped(Math.round(rate))} rows/s`, ...(left === null ? [] : [`${durationText(left)} left`])].join("  ")
}

/** `1,000,000`, on every machine alike. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",")

const durationText = (seconds: number): string => (seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`)
