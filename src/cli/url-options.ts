import type { Command, Options } from "./command.ts"

const URL_OPTION = "--url <url>"

/** A URL that never stands in a process list. */
const ELSEWHERE: Options = {
  "--url-env <name>": "As --url, from this environment variable",
  "--url-file <path>": "As --url, from this file",
}

/** A command with `--url` can be given the URL in a variable or a file, too. */
export function withUrlOptions<R>(command: Command<R>): Command<R> {
  if (!(URL_OPTION in command.options)) return command
  const options = Object.entries(command.options).flatMap(entry => (entry[0] === URL_OPTION ? [entry, ...Object.entries(ELSEWHERE)] : [entry]))
  return {
    ...command, options: Object.fromEntries(options),
    run: async (ctx, given, progress) => {
      const [env, file] = [given.value("url-env"), given.value("url-file")]
      if (env === null && file === null) return command.run(ctx, given, progress)
      const { withGivenUrl } = await import("../flows/given-url.ts")
      return command.run(await withGivenUrl(ctx, { env, file }), given, progress)
    },
  }
}
