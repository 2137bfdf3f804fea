/** Lets a musl executable run on Debian, which has musl (`apt-get install musl-tools binutils`) but no C++ library for it: GCC's static one is linked for it. */
import { mkdir, symlink } from "node:fs/promises"
import { existsSync } from "node:fs"
import { join } from "node:path"

const LOADER = "/lib/ld-musl-x86_64.so.1"

/** What is missing for it here; `null`: nothing. */
export function missingForMusl(): string | null {
  return existsSync(LOADER) && Bun.which("musl-gcc") && Bun.which("readelf") ? null : "musl-tools and binutils"
}

/** Puts `libstdc++.so.6` with what this executable wants of it into a folder, for LD_LIBRARY_PATH. */
export async function muslLibraries(executable: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = async (...args: string[]): Promise<string[]> => (await Bun.$`nm -D ${args}`.quiet().text()).split("\n").map(line => line.trim().split(/\s+/).at(-1)!.replace(/@.*/, "")).filter(name => name !== "")
  const copied = (await Bun.$`readelf -rW ${executable}`.quiet().text()).split("\n").filter(line => line.includes("_COPY")).map(line => line.trim().split(/\s+/)[4]!.replace(/@.*/, ""))
  const libc = new Set(await names("--defined-only", LOADER))
  const wanted = [...new Set([...(await names("--undefined-only", executable)), ...copied])].filter(name => !libc.has(name) && !/^(_ITM_|ZSTD_)|_frame_info$/.test(name))
  const gcc = (await Bun.$`gcc -print-libgcc-file-name`.text()).trim().replace(/\/[^/]*$/, "")
  await Bun.$`musl-gcc -shared -fPIC -o ${join(folder, "libstdc++.so.6")} ${join(import.meta.dir, "musl-cxx.c")} ${wanted.map(name => `-Wl,-u,${name}`)} -Wl,-Bsymbolic ${gcc}/libstdc++.a ${gcc}/libgcc_eh.a ${gcc}/libgcc.a -Wl,-soname,libstdc++.so.6 -Wl,--unresolved-symbols=ignore-all`.quiet()
  await symlink(LOADER, join(folder, "libc.musl-x86_64.so.1"))
}
