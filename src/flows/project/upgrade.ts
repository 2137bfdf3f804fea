import { arch, platform } from "node:os"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { checkBaseUrl, checkVersion, isLater, platformName, sumOf } from "../../core/release.ts"
import { download } from "../../files/download.ts"
import { isMusl } from "../../files/libc.ts"
import { replaceExecutable } from "../../files/replace-executable.ts"

declare const NSELF_RELEASED_URL: string | undefined

export interface UpgradeRequest {
  /** The value of `--version`; the newest without it. */
  readonly version: string | null
  /** The value of `--base-url`. */
  readonly baseUrl: string | null
  /** Only look. */
  readonly check: boolean
}

export interface Upgrade {
  readonly from: string
  readonly to: string
  /** `same`: nothing to do; `available`: only looked at. */
  readonly state: "same" | "available" | "upgraded"
  readonly path: string | null
}

/** Puts another release of nself in the place of this one, verified as the installer does. Nothing is changed before the sum fits and the new one has started. */
export async function upgrade(ctx: Context, request: UpgradeRequest): Promise<Upgrade> {
  const base = checkBaseUrl(request.baseUrl ?? ctx.env["NSELF_BASE_URL"] ?? (typeof NSELF_RELEASED_URL === "string" ? NSELF_RELEASED_URL : null))
  const to = checkVersion(request.version ?? text(await download(`${base}/latest`, ctx.signal)))
  const from = ctx.version
  if (to === from || (request.version === null && !isLater(to, from))) return { from, to, state: "same", path: null }
  if (request.check) return { from, to, state: "available", path: null }
  const [path, ...rest] = ctx.self
  if (rest.length > 0) throw new Fault("refused", "this nself runs from its sources, so there is no executable to replace", "git pull")
  const bytes = await fetchExecutable(ctx, base, to)
  await replaceExecutable(path!, bytes, to)
  return { from, to, state: "upgraded", path: path! }
}

async function fetchExecutable(ctx: Context, base: string, version: string): Promise<Uint8Array> {
  const name = platformName(platform(), arch(), await isMusl())
  const archive = `nself-${version}-${name}.tar.zst`
  const expected = sumOf(text(await download(`${base}/v${version}/SHA256SUMS`, ctx.signal)), archive)
  const packed = await download(`${base}/v${version}/${archive}`, ctx.signal, (done, all) => ctx.live?.(`Downloading nself ${version}: ${mb(done)}${all === null ? "" : ` of ${mb(all)}`} MB`)).finally(() => ctx.live?.(null))
  const got = new Bun.CryptoHasher("sha256").update(packed).digest("hex")
  if (got !== expected) throw new Fault("failed", `${archive} is not what was released; nothing was changed\n  expected sha256:${expected}\n  got      sha256:${got}`, "the download was cut off or changed on the way: try again")
  return executableIn(await Bun.zstdDecompress(packed), archive)
}

async function executableIn(tar: Uint8Array, archive: string): Promise<Uint8Array> {
  const files = await new Bun.Archive(tar).files()
  const found = files.get(platform() === "win32" ? "nself.exe" : "nself")
  if (!found) throw new Fault("failed", `${archive} holds no nself; nothing was changed`, "the old one stays as it is")
  return found.bytes()
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const mb = (bytes: number): string => (bytes / 1e6).toFixed(1)
