import { existsSync } from "node:fs"

/** Whether this program was built for musl: then its loader is musl's. Source: /proc/self/maps of the running program itself. */
export async function isMusl(): Promise<boolean> {
  const maps = await Bun.file("/proc/self/maps").text().catch(() => "")
  if (maps !== "") return maps.includes("/ld-musl-")
  return existsSync("/etc/alpine-release")
}
