/** What is told of an environment: names of variables, never a value. */
export interface EnvironmentNames {
  /** `dev`. */
  readonly name: string
  readonly saidBy: "flag" | "variable" | "default"
  /** The files that were looked for; later ones win. */
  readonly wanted: readonly string[]
  /** Those that were there, in the same order. `refused`: what a file may not say. */
  readonly read: readonly { readonly file: string; readonly values: Readonly<Record<string, unknown>>; readonly refused: readonly string[] }[]
}

/** Who chose the environment, in words. */
export const SAID = { flag: "--env says so", variable: "NSELF_ENV or ENV says so", default: "nothing else was said" } as const

/** The variables that a connection is made from. */
export const CONNECTION = /^(DATABASE_URL|NSELF_DB_URL|POSTGRES_(HOST|PORT|DB|USER|PASSWORD|SSL_MODE)|PG(HOST|PORT|USER|PASSWORD|DATABASE|SSLMODE|SSLROOTCERT|OPTIONS|PASSFILE))$/

const PROCESS = "the process environment"

/**
 * For `--verbose`: each environment file with the names it says and who won where another one says them too, then what the process environment adds.
 *
 * @param process  the environment nself was started with
 */
export function environmentLines({ name, saidBy, wanted, read }: EnvironmentNames, process: Readonly<Record<string, string | undefined>>): readonly string[] {
  const winner = (key: string): string => (process[key] !== undefined ? PROCESS : read.findLast(one => Object.hasOwn(one.values, key))!.file)
  const files = read.map(({ file, values, refused }) => {
    const keys = Object.keys(values).map(key => (winner(key) === file ? key : `${key} (${winner(key)} wins)`))
    return `  ${file}: ${[...keys, ...refused.map(key => `${key} (left out: it would change how programs run)`)].join(", ") || "nothing"}`
  })
  const own = Object.keys(process).filter(key => process[key] !== undefined && (CONNECTION.test(key) || read.some(one => Object.hasOwn(one.values, key)))).toSorted()
  return [
    `Environment ${name} (${SAID[saidBy]})`,
    ...(files.length > 0 ? files : [`  no environment file (looked for ${wanted.join(", ")})`]),
    ...(own.length > 0 ? [`  ${PROCESS}: ${own.join(", ")}`] : []),
  ]
}
