import type { MemoryFS, PGlite, PGliteOptions } from "@electric-sql/pglite"
import fsBundleFile from "@electric-sql/pglite/pglite.data" with { type: "file" }
import pgliteFile from "@electric-sql/pglite/pglite.wasm" with { type: "file" }
import { lendExtensions } from "./extensions.ts"
import type { Image } from "./image.ts"

export interface Boot {
  /** Directory on disk for the data; in memory without it. */
  readonly dataDir?: string
  /** A tar archive of a data directory to start from. */
  readonly template?: Blob | Promise<Blob>
  /** What to start from, in memory. */
  readonly files?: MemoryFS
  /** What to go on from, in memory; no start then. */
  readonly image?: Promise<Image>
  /** The program that makes a data directory where there is none. */
  readonly initdb?: WebAssembly.Module
  /** Wait for the disk at every commit. */
  readonly fsync?: boolean
}

/** PGlite's own start parameters without `-O` and `search_path=public`: a shadow must refuse and default what a server does. */
const START = [
  "--single", "-j", "-c", "exit_on_error=false", "-c", "log_checkpoints=false", "-c", "io_method=sync", "-c", "max_worker_processes=0",
  "-c", "max_parallel_workers=0", "-c", "max_parallel_workers_per_gather=0", "-c", "max_parallel_maintenance_workers=0",
]

/**
 * A database that ends with its command needs nothing of what makes another one survive, nor statistics; what it is asked again is planned once. It makes
 * schemas of thousands of tables in one transaction, which takes a lock for each relation: PostgreSQL has room for `max_locks_per_transaction` times its
 * possible backends, of which there is one. A smaller cache of pages starts it a quarter sooner.
 */
const SHORT_LIVED = ["fsync=off", "full_page_writes=off", "track_counts=off", "track_activities=off", "plan_cache_mode=force_generic_plan", "max_connections=1", "superuser_reserved_connections=0", "max_wal_senders=0", "autovacuum_worker_slots=1", "max_locks_per_transaction=16000", "shared_buffers=16MB"]
  .flatMap(setting => ["-c", setting])

/** An image has as much as the PGlite that goes on from it. Bytes; what is never touched is never taken from the machine. */
const SHORT_LIVED_MEMORY = 256 << 20

let program: Promise<WebAssembly.Module> | null = null

/** PostgreSQL, compiled once per process, however many databases are opened. */
function compiled(): Promise<WebAssembly.Module> {
  program ??= Bun.file(pgliteFile).arrayBuffer().then(bytes => WebAssembly.compile(bytes))
  return program
}

/** Begins what a boot needs, for whoever has to wait for something else before it: half of its time, on other threads. */
export function prepareBoot(): void {
  for (const part of [compiled(), import("@electric-sql/pglite")]) part.catch(() => {}) // a boot says it
}

/** A program that does nothing: eight bytes, the name and the version of WebAssembly. */
const NOTHING = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))

/** Where the data is, and what it begins with. */
async function dataOf({ dataDir, files, image }: Boot, template: Blob | undefined): Promise<PGliteOptions> {
  if (image) {
    const { ImageFiles } = await import("./image-files.ts")
    return { fs: new ImageFiles(image, compiled()), pgliteWasmModule: NOTHING, initdbWasmModule: NOTHING, initialMemory: SHORT_LIVED_MEMORY }
  }
  if (files) return { fs: files, initialMemory: SHORT_LIVED_MEMORY }
  if (dataDir !== undefined) return { dataDir, ...(template && { loadDataDir: template }) }
  if (!template) return {}
  const { MemoryFiles } = await import("./memory-files.ts")
  return { fs: new MemoryFiles(new Uint8Array(await template.arrayBuffer())) }
}

/** A running PGlite (PostgreSQL 18 in WebAssembly), from the files this program carries. Rejects with PostgreSQL's or the disk's reason. */
export async function boot(options: Boot = {}): Promise<PGlite> {
  const [{ PGlite }, template] = await Promise.all([import("@electric-sql/pglite"), options.template])
  const data = await dataOf(options, template)
  const pgliteWasmModule = data.pgliteWasmModule ?? (await compiled())
  const starting = PGlite.create({
    pgliteWasmModule,
    initdbWasmModule: options.initdb ?? pgliteWasmModule, // never run where there is data; PGlite would look for it on disk
    fsBundle: Bun.file(fsBundleFile),
    initDbStartParams: ["--wal-segsize=1"],
    startParams: options.fsync ? START : [...START, ...SHORT_LIVED],
    ...data,
  })
  const [pglite] = await Promise.all([starting, compiled(), options.image])
  lendExtensions(pglite)
  return pglite
}
