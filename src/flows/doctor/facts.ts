import type { Context } from "../../core/context.ts"
import { CONNECTION } from "../../core/environment-lines.ts"
import { extensionsIn } from "../../core/extensions-in.ts"
import type { ConfigFacts, DiskFacts, EnvironmentFacts } from "../../core/health/project.ts"
import type { ExtensionsFacts } from "../../core/health/server.ts"
import { secretsOf } from "../../core/redact.ts"
import type { Applied, Migration, Session } from "../../core/types.ts"
import { freeSpace } from "../../files/disk-space.ts"
import { knownToGit, readableByOthers } from "../../files/env-secrecy.ts"
import { relative } from "node:path"
import type { Setup } from "../setup.ts"

/** They run other code inside this program, or take the checks of TLS away. */
const HOSTILE = ["BUN_OPTIONS", "BUN_BE_BUN", "NODE_TLS_REJECT_UNAUTHORIZED"]
/** Files that are often in git on purpose, because what they hold is for this machine only. */
const SHARED = [".env", ".env.dev", ".env.test"]

export async function environmentFacts(ctx: Context, { root, environment }: Setup): Promise<EnvironmentFacts> {
  const { name, saidBy, files, read } = environment
  const secret = read.filter(one => secretsOf(one.values).length > 0).map(one => one.file)
  return {
    name, saidBy, files, origins: originsOf(ctx.env, read),
    readable: await readableByOthers(root, secret),
    tracked: await knownToGit(root, secret.filter(file => !SHARED.includes(file))),
    hostile: HOSTILE.filter(one => ctx.env[one]),
  }
}

function originsOf(process: Context["env"], read: Setup["environment"]["read"]): EnvironmentFacts["origins"] {
  const names = new Set([...Object.keys(process), ...read.flatMap(one => Object.keys(one.values))].filter(name => CONNECTION.test(name)))
  return [...names].toSorted().map(name => {
    const files = read.filter(one => Object.hasOwn(one.values, name)).map(one => one.file).toReversed()
    const said = process[name] !== undefined ? ["the process environment", ...files] : files
    return { name, from: said[0]!, over: said.slice(1) }
  })
}

export function configFacts({ root, out, config }: Setup): ConfigFacts {
  return { path: config.path && relative(root, config.path), out, schema: config.schema }
}

/** The server's own disk can be looked at where it is this machine's. */
export async function diskFacts({ root }: Setup, server: { readonly local: boolean; readonly session: Session } | null): Promise<readonly DiskFacts[]> {
  const project = { what: "the project", free: await freeSpace(root), used: null }
  if (!server) return [project]
  const { storageOf } = await import("../../pg/health.ts")
  const { used, directory } = await storageOf(server.session)
  return [project, { what: "the server's data directory", free: server.local && directory ? await freeSpace(directory) : null, used }]
}

export async function extensionsFacts(session: Session, files: readonly Migration[], ledger: readonly Applied[] | null): Promise<ExtensionsFacts> {
  const { extensionNames } = await import("../../pg/health.ts")
  const applied = new Set((ledger ?? []).filter(row => row.state === "applied").map(row => row.seq))
  const wanted = new Map<string, boolean>()
  for (const { seq, up } of files) for (const name of await extensionsIn(up.text)) wanted.set(name, applied.has(seq) || wanted.get(name) === true)
  return { wanted: [...wanted].map(([name, done]) => ({ name, applied: done })), ...(await extensionNames(session)) }
}
