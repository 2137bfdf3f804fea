import picocolors from "picocolors"

/** The few colours nself uses. Colour adds nothing that the words do not say. */
export interface Paint {
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly red: (text: string) => string
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
}

/** Colours for a terminal, or none: `NO_COLOR` and `TERM=dumb` turn them off, nothing turns them on in a pipe. */
export function paintFor(terminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  return picocolors.createColors(terminal && !env["NO_COLOR"] && env["TERM"] !== "dumb")
}
