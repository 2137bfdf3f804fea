/**
 * `bun run release:try`: unpacks the Linux archives of `dist/release` and types the spec's five steps with each, on the embedded PostgreSQL, in an empty home with an empty
 * environment. musl's runs under Debian's musl, arm64's two under QEMU's emulation of programs; what this machine lacks for one is named, and that one counts as not run.
 */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises"
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { version } from "../package.json"
import { missingFor, MUSL_X64, muslLibraries, type Musl } from "./release/musl.ts"

const root = resolve(import.meta.dir, "..")
const ARM_LIBRARIES = "/usr/aarch64-linux-gnu"
const STEPS = ["--version", "db migrate generate --name first_tables", "db migrate up", "db migrate status", "db migrate verify-checksums", "db seed", "doctor --only server,ledger,checksums", "db migrate down"]
/** Emulated, it cannot start itself as the child that runs the user's TypeScript: the kernel does not know the emulator. */
const WITHOUT_CHILD = STEPS.filter(step => !/generate|seed/.test(step))

interface Platform {
  readonly name: string
  /** `null`: it can be run here. */
  readonly missing: string | null
  readonly before: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly steps: readonly string[]
  /** Where the executable wants musl's C++ library. */
  readonly musl?: Musl
}

const work = await mkdtemp(join(tmpdir(), "nself-try-"))
const emulator = Bun.which("qemu-aarch64-static")
/** Debian's `musl` of arm64, unpacked: `apt-get download musl:arm64` and `dpkg -x`. */
const armMusl = process.env["NSELF_ARM_MUSL"] ?? "/usr/aarch64-linux-musl"
const MUSL_ARM: Musl = { loader: join(armMusl, "lib/ld-musl-aarch64.so.1"), libc: "libc.musl-aarch64.so.1", tools: "aarch64-linux-gnu-" }
const PLATFORMS: readonly Platform[] = [
  { name: "linux-x64", missing: null, before: [], env: {}, steps: STEPS },
  { name: "linux-x64-musl", missing: missingFor(MUSL_X64, "musl, g++ and binutils"), before: [], env: { LD_LIBRARY_PATH: join(work, "linux-x64-musl/lib") }, steps: STEPS, musl: MUSL_X64 },
  { name: "linux-arm64", missing: emulator && existsSync(ARM_LIBRARIES) ? null : "qemu-user-static and libc6-arm64-cross", before: [emulator ?? ""], env: { QEMU_LD_PREFIX: ARM_LIBRARIES }, steps: WITHOUT_CHILD },
  {
    name: "linux-arm64-musl", missing: emulator ? missingFor(MUSL_ARM, "musl:arm64 unpacked where NSELF_ARM_MUSL says, and g++-aarch64-linux-gnu") : "qemu-user-static",
    before: [emulator ?? "", "-E", `LD_LIBRARY_PATH=${join(work, "linux-arm64-musl/lib")}`], env: { QEMU_LD_PREFIX: armMusl }, steps: WITHOUT_CHILD, musl: MUSL_ARM,
  },
]

/** The example's folder, with the migrations that the first platform made of it. */
const home = join(work, "home")
let [passed, failed] = [0, 0]
try {
  await cp(join(root, "examples/app"), home, { recursive: true })
  for (const platform of PLATFORMS) {
    if (platform.missing) console.log(`\n== ${platform.name}: NOT RUN, needs ${platform.missing}`)
    else await tried(platform)
  }
} finally {
  await rm(work, { recursive: true, force: true })
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function tried(platform: Platform): Promise<void> {
  console.log(`\n== ${platform.name}`)
  const folder = join(work, platform.name)
  await mkdir(folder)
  await Bun.$`tar -xzf ${join(root, `dist/release/v${version}/nself-${version}-${platform.name}.tar.gz`)} -C ${folder}`
  if (platform.musl) await muslLibraries(platform.musl, join(folder, "nself"), join(folder, "lib"))
  await rm(join(home, ".nself"), { recursive: true, force: true })
  if (platform.steps === STEPS) await rm(join(home, "migrations"), { recursive: true, force: true })
  for (const step of platform.steps) {
    const code = await typed(platform, join(folder, "nself"), step)
    if (code === 0) passed++
    else {
      failed++
      console.log(`-- exit ${code}`)
    }
  }
}

async function typed({ before, env }: Platform, nself: string, step: string): Promise<number> {
  console.log(`$ nself ${step}`)
  const child = Bun.spawn([...before.filter(word => word !== ""), nself, ...step.split(" ")], { cwd: home, stdin: "ignore", stdout: "inherit", stderr: "inherit", env: { PATH: "/usr/bin:/bin", HOME: home, ...env } })
  return child.exited
}
