import type { Build } from "bun"

export interface Target {
  readonly bun: Build.CompileTarget
  /** File name in `dist/`. */
  readonly file: string
}

/** Every platform that a release is made for. */
export const TARGETS: readonly Target[] = [
  { bun: "bun-linux-x64", file: "nself-linux-x64" },
  { bun: "bun-linux-arm64", file: "nself-linux-arm64" },
  { bun: "bun-linux-x64-musl", file: "nself-linux-x64-musl" },
  { bun: "bun-linux-arm64-musl", file: "nself-linux-arm64-musl" },
  { bun: "bun-darwin-x64", file: "nself-darwin-x64" },
  { bun: "bun-darwin-arm64", file: "nself-darwin-arm64" },
  { bun: "bun-windows-x64", file: "nself-windows-x64.exe" },
]
