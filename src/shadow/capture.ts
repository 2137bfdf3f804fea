import type { PGlite } from "@electric-sql/pglite"
import { FOLDERS, type Image, type ImageFile, type OpenFile, type Piece } from "./image.ts"
import { MemoryFiles } from "./memory-files.ts"

/** As many bytes are compared, and kept, at a time. */
const PAGE = 4096

/** Files in memory that begin with a data directory, and remember what the memory was before PostgreSQL started. */
export class CapturedFiles extends MemoryFiles {
  /** The memory before the start. */
  before: Uint8Array | null = null

  override async initialSyncFs(): Promise<void> {
    await super.initialSyncFs()
    const module = this.pg!.Module
    const start = module.callMain
    module.callMain = words => {
      this.before = module.HEAPU8.slice()
      return start(words)
    }
  }
}

/** The image of a PGlite that has nothing to do, outside of a transaction. It is used up. */
export async function capture(pglite: PGlite, { before }: CapturedFiles): Promise<Image> {
  const { Module: module } = pglite
  const { rows } = await pglite.query<{ readonly pair: [number, number] }>("select json_build_array(typarray::int8, oid::int8) as pair from pg_type where typarray <> 0 order by typarray")
  forgetFreed(pglite)
  const memory = module.HEAPU8
  if (memory.length !== before!.length) throw new Error("the memory grew, and a PGlite that goes on from an image begins with what it has")
  return {
    files: FOLDERS.flatMap(folder => filesBelow(module.FS, folder)), open: openFiles(module.FS), folder: module.FS.cwd(), arrays: rows.map(({ pair }) => pair),
    stack: module.stackSave(), memory: differing(before!, memory),
  }
}

interface Heap {
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(at: number): void
}

const [LARGEST, SMALLEST] = [4 << 20, 16]

/** Half of the memory in use is what was freed and never wiped: all that is free is taken, wiped and freed again. */
export function forgetFreed(pglite: PGlite): void {
  const heap = pglite.Module as unknown as Heap
  const end = heap.HEAPU8.findLastIndex(byte => byte !== 0)
  const held: number[] = []
  for (let size = LARGEST; size >= SMALLEST; size = size > 64 ? (size * 2 / 3) & ~15 : size - 16) {
    let at = heap._malloc(size)
    for (; at + size <= end; at = heap._malloc(size)) {
      heap.HEAPU8.fill(0, at, at + size)
      held.push(at)
    }
    heap._free(at) // beyond all that was ever in use
  }
  for (const at of held) heap._free(at)
}

type Files = PGlite["Module"]["FS"]

function filesBelow(fs: Files, folder: string): readonly ImageFile[] {
  const names = (fs.readdir(folder) as string[]).filter(name => name !== "." && name !== "..").toSorted()
  const below = names.map(name => `${folder}/${name}`).flatMap(path => (fs.isDir(fs.stat(path).mode) ? filesBelow(fs, path) : [{ path, bytes: fs.readFile(path) as Uint8Array }]))
  return [{ path: folder, bytes: null }, ...below]
}

interface Stream {
  readonly fd: number
  /** As it was opened; a pipe's is no path. */
  readonly path: string
  readonly node: Parameters<Files["getPath"]>[0]
  readonly flags: number
  readonly position: number
}

/** A pipe lets PostgreSQL wake itself, and here nobody waits: its number stays taken, as nothing. */
const NOTHING = "/dev/null"

function openFiles(fs: Files): readonly OpenFile[] {
  const streams = (fs as unknown as { streams: readonly (Stream | null | undefined)[] }).streams.filter(stream => stream != null)
  const pathOf = ({ path, node }: Stream): string => (path.startsWith("/") ? fs.getPath(node) : NOTHING) // of today: it may have another name than when it was opened
  return streams.map(stream => ({ descriptor: stream.fd, path: pathOf(stream), flags: stream.flags, position: stream.position }))
}

function differing(before: Uint8Array, now: Uint8Array): readonly Piece[] {
  const same = (at: number): boolean => Buffer.compare(now.subarray(at, at + PAGE), before.subarray(at, at + PAGE)) === 0
  const pieces: Piece[] = []
  for (let at = 0; at < now.length; at += PAGE) {
    if (same(at)) continue
    const start = at
    while (at < now.length && !same(at)) at += PAGE
    pieces.push({ at: start, bytes: now.subarray(start, at) })
  }
  return pieces
}
