/** Lets a musl executable run on Debian, which has musl (`apt-get install musl gcc g++`) but no C++ library for it: GCC's static one is linked for it. */
import { existsSync } from "node:fs"
import { mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"

export interface Musl {
  /** The program loader of musl, which is its C library, too. */
  readonly loader: string
  readonly libc: string
  /** In front of the names of GCC's tools. */
  readonly tools: string
}

export const MUSL_X64: Musl = { loader: "/lib/ld-musl-x86_64.so.1", libc: "libc.musl-x86_64.so.1", tools: "" }

/** What is missing for it here; `null`: nothing. */
export function missingFor({ loader, tools }: Musl, packages: string): string | null {
  return existsSync(loader) && Bun.which(`${tools}gcc`) && Bun.which(`${tools}readelf`) ? null : packages
}

/** Puts `libstdc++.so.6` with what this executable wants of it into a folder, for LD_LIBRARY_PATH. */
export async function muslLibraries({ loader, libc, tools }: Musl, executable: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = async (...args: string[]): Promise<string[]> => (await Bun.$`${tools}nm -D ${args}`.quiet().text()).split("\n").map(line => line.trim().split(/\s+/).at(-1)!.replace(/@.*/, "")).filter(name => name !== "")
  const copied = (await Bun.$`${tools}readelf -rW ${executable}`.quiet().text()).split("\n").filter(line => line.includes("_COPY")).map(line => line.trim().split(/\s+/)[4]!.replace(/@.*/, ""))
  const given = new Set(await names("--defined-only", loader))
  const wanted = [...new Set([...(await names("--undefined-only", executable)), ...copied])].filter(name => !given.has(name) && !/^(_ITM_|ZSTD_)|_frame_info$/.test(name))
  const gcc = (await Bun.$`${tools}gcc -print-libgcc-file-name`.text()).trim().replace(/\/[^/]*$/, "")
  await Bun.$`${tools}gcc -shared -fPIC -nostdlib -o ${join(folder, "libstdc++.so.6")} ${join(import.meta.dir, "musl-cxx.c")} ${wanted.map(name => `-Wl,-u,${name}`)} -Wl,-Bsymbolic ${gcc}/libstdc++.a ${gcc}/libgcc_eh.a ${gcc}/libgcc.a -Wl,-soname,libstdc++.so.6 -Wl,--unresolved-symbols=ignore-all`.quiet()
  await symlink(loader, join(folder, libc))
}
