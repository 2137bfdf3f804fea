import { version } from "../package.json"
import type { Context } from "./core/context.ts"

const argv = Bun.argv.slice(2)
/** How long a command may take to end cleanly after a signal. Milliseconds. */
const GRACE_MS = 900
/** How often a function of WebAssembly runs before JavaScriptCore compiles it well; by itself a sixth of it. Source: its `Options`, where an entry counts fifteen. */
const WELL_WORTH_COMPILING = "300000"

// Everything else is loaded when it is needed, and process.stdout too: that alone would take three times as long as the answer.
if (argv.length === 1 && ["--version", "-v", "-V"].includes(argv[0]!)) {
  console.log(version)
} else if (argv[0] === "__load") {
  const { runChild } = await import("./drizzle/child.ts")
  await runChild(await Bun.stdin.text())
} else if (argv[0] === "__seed") {
  const { runSeedChild } = await import("./drizzle/seed-child.ts")
  await runSeedChild(await Bun.stdin.text())
} else {
  await main()
}

async function main(): Promise<void> {
  const [{ run, findCommand }, { commands }, { paintFor }, { EXIT }, { passwordsIn, redactor, secretsOf }] = await Promise.all([
    import("./cli/run.ts"), import("./cli/commands.ts"), import("./cli/paint.ts"), import("./core/fault.ts"), import("./core/redact.ts"),
  ])
  if (findCommand(argv, commands)?.command.shadow) restartForShadow()
  const secrets = [...secretsOf(process.env), ...argv.flatMap(passwordsIn)]
  let redact = redactor(secrets)
  const hide = (secret: string): void => {
    secrets.push(secret)
    redact = redactor(secrets)
  }
  const doors = [door(process.stdout, text => redact(text)), door(process.stderr, text => redact(text))] as const
  const [out, err] = [doors[0].say, doors[1].say]
  const leave = async (code: number): Promise<never> => {
    await Promise.all(doors.map(one => one.flushed()))
    const lost = doors[0].lost()
    if (!lost) return process.exit(code)
    err(`error: the answer could not be written: ${lost.message}\n`)
    await doors[1].flushed()
    return process.exit(code === EXIT.ok ? EXIT.failed : code)
  }
  const streams = { out, err, paintOut: paintFor(process.stdout.isTTY === true, process.env), paintErr: paintFor(process.stderr.isTTY === true, process.env) }
  const stop = watchSignals({ interrupted: EXIT.interrupted, terminated: EXIT.terminated })
  try {
    const code = await run(argv, commands, contextOf(hide, err, stop.signal), streams)
    await leave(stop.code() ?? code)
  } catch (error) {
    if (stop.code() === null) err(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\nhint: this is a fault of nself ${version}, please report it with the lines above\n`)
    await leave(stop.code() ?? EXIT.bug)
  }
}

/**
 * Becomes the same program with a more patient optimizing compiler for WebAssembly: as it is, half of all CPU time goes to compiling an embedded
 * PostgreSQL that is gone a second later, and without it large schemas take a fifth longer (`scripts/bench/generate.ts`). JavaScript does without its
 * last compiler, which takes a core from PostgreSQL's. Options are read at the start only.
 */
function restartForShadow(): void {
  const option = "BUN_JSC_thresholdForOMGOptimizeAfterWarmUp"
  if (process.env[option] !== undefined || process.env["BUN_JSC_useOMGJIT"] !== undefined || process.platform === "win32") return
  try {
    process.execve?.(process.execPath, [...selfOf(), ...argv], { BUN_JSC_useFTLJIT: "0", ...process.env, [option]: WELL_WORTH_COMPILING })
  } catch {} // it only saves time
}

function contextOf(hide: (secret: string) => void, err: (text: string) => void, signal: AbortSignal): Context {
  return {
    cwd: process.cwd(), env: process.env, version, self: selfOf(), signal, hide,
    now: () => new Date(),
    uuid: () => crypto.randomUUID(),
    talk: line => err(`${line}\n`),
    ...(process.stderr.isTTY && process.env["TERM"] !== "dumb" ? { live: (line: string | null) => err(`\r\u001b[K${line ?? ""}`) } : {}),
    ask: process.stdin.isTTY && process.stderr.isTTY ? askOn(err) : null,
  }
}

/** A compiled binary starts from Bun's virtual file system, and reads no .env by itself; from source both must be said again. */
function selfOf(): readonly string[] {
  const compiled = import.meta.path.startsWith("/$bunfs/") || /^[A-Z]:[\\/]~BUN[\\/]/i.test(import.meta.path)
  // a compiled nself installs nothing and reads no .env by itself; from source Bun would fetch what a schema file imports and its project lacks
  return compiled ? [process.execPath] : [process.execPath, "--no-install", "--no-env-file", import.meta.path]
}

interface Door {
  readonly say: (text: string) => void
  /** Resolves once everything said has left, or its reader has. */
  readonly flushed: () => Promise<void>
  /** Why something said did not arrive (a full disk); `null`: it did, or its reader did not want it. */
  readonly lost: () => Error | null
}

/** Text to a stream, masked. A reader that has gone away (`| head`) is nobody's fault. */
function door(stream: NodeJS.WriteStream, redact: (text: string) => string): Door {
  let last = Promise.resolve()
  let lost: Error | null = null
  const note = (error: (Error & { code?: string }) | null | undefined): void => void (error && error.code !== "EPIPE" && (lost ??= error))
  const gone = new Promise<void>(done => stream.on("error", error => (note(error), done())))
  return {
    // only a write's own answer tells that it has left: under Bun an empty one behind it is answered at once, and what a slow reader had not taken was lost
    say: text => void (last = new Promise(done => stream.write(redact(text), error => (note(error), done())))),
    flushed: () => Promise.race([last, gone]),
    lost: () => lost,
  }
}

/** The first signal asks the running command to stop cleanly, the second one ends at once. */
function watchSignals(ends: { readonly interrupted: number; readonly terminated: number }): { readonly signal: AbortSignal; readonly code: () => number | null } {
  const stop = new AbortController()
  let code: number | null = null
  const on = (signal: "SIGINT" | "SIGTERM" | "SIGHUP", end: number): void => void process.on(signal, () => {
    if (code !== null) process.exit(code)
    code = end
    stop.abort()
    setTimeout(() => giveUp(end), GRACE_MS).unref()
  })
  on("SIGINT", ends.interrupted)
  on("SIGTERM", ends.terminated)
  on("SIGHUP", ends.terminated)
  return { signal: stop.signal, code: () => code }
}

/** Nothing is half done whenever nself ends: a server rolls back what its client has left. */
function giveUp(code: number): never {
  try {
    process.getBuiltinModule("node:fs").writeSync(2, "interrupted; the server rolls back what was running\n")
  } catch {
    // nobody reads it
  }
  process.exit(code)
}

/** A question on stderr, answered by a number, or in words where nothing is to choose from; end of input chooses nothing and ends like Ctrl-C. */
function askOn(err: (text: string) => void): NonNullable<Context["ask"]> {
  return async (question, choices) => {
    const { createInterface } = await import("node:readline/promises")
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    terminal.on("close", () => terminal.removeAllListeners())
    terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"))
    try {
      if (choices.length === 0) return (await terminal.question(`${question} `)).trim()
      err(`${question}\n${choices.map(({ label }, i) => `  ${i + 1}  ${label}`).join("\n")}\n`)
      for (;;) {
        const chosen = choices[Number(await terminal.question(`1-${choices.length}: `)) - 1]
        if (chosen) return chosen.value
      }
    } catch (error) {
      const { Fault } = await import("./core/fault.ts")
      throw (error as Error).name === "AbortError" ? new Fault("interrupted", "the input ended without an answer; nothing was changed", "type the command again, or give the answer as an option: --help names them", error) : error
    } finally {
      terminal.close()
    }
  }
}
