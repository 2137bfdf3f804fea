/** Every way nself can end, and the exit code each one gives. `docs/exit-codes.md` is checked against this table. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  tampered: 4,
  drift: 5,
  conflict: 6,
  locked: 7,
  partial: 8,
  unhealthy: 10,
  warnings: 12,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const
export type Exit = keyof typeof EXIT

/**
 * An end that nself foresaw. Anything else that is thrown is a bug (exit 70, with its stack).
 *
 * @param exit     how nself ends, a key of `EXIT`
 * @param message  what went wrong and where; several lines are allowed (a code frame)
 * @param hint     the next command to type, or the next thing to do
 */
export class Fault extends Error {
  override readonly name = "Fault"
  constructor(
    readonly exit: Exclude<Exit, "ok" | "bug">,
    message: string,
    readonly hint?: string,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}
