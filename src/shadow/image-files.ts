import { MemoryFS, types } from "@electric-sql/pglite"
import type { Image } from "./image.ts"

/** What `callMain` returns where PostgreSQL has started and waits for messages. Source: PGlite, `PGLITE_EXIT_ALIVE`. */
const ALIVE = 99

/** Standard input, output and error are open in every PGlite. */
const FIRST_OWN = 3

/** In `open(2)` of Emscripten: create it (0o100), it must be new (0o200), empty it (0o1000). */
const MAKING = 0o1300

/** Files in memory as an image has them. The PGlite that is given them goes on where the image's stood still, in the place of a start. */
export class ImageFiles extends MemoryFS {
  constructor(private readonly image: Image) {
    super()
  }

  override async initialSyncFs(): Promise<void> {
    const module = this.pg!.Module
    for (const { path, bytes } of this.image.files) {
      const slash = path.lastIndexOf("/")
      if (bytes === null) module.FS.mkdirTree(path)
      // its own copy, as PostgreSQL writes into it (`slice` of a Buffer would be none)
      else module.FS.createDataFile(path.slice(0, slash), path.slice(slash + 1), new Uint8Array(bytes), true, true, true)
    }
    module.callMain = () => (this.goOn(), ALIVE)
    module._pgl_startPGlite = () => {}
    this.pg!._initArrayTypes = async () => this.knowArrays()
  }

  private knowArrays(): void {
    const { parsers, serializers } = this.pg!
    for (const [array, element] of this.image.arrays) {
      parsers[array] = text => types.arrayParser(text, parsers[element]!, array)
      serializers[array] = value => types.arraySerializer(value, serializers[element], array)
    }
  }

  private goOn(): void {
    const { FS, HEAPU8, stackRestore } = this.pg!.Module
    const { image } = this
    for (const { at, bytes } of image.memory) HEAPU8.set(bytes, at)
    stackRestore(image.stack)
    for (const { descriptor, path, flags, position } of image.open) if (descriptor >= FIRST_OWN) reopen(FS, { descriptor, path, flags: flags & ~MAKING, position })
    FS.chdir(image.folder)
  }
}

type Files = NonNullable<MemoryFS["pg"]>["Module"]["FS"]

/** Under the number that PostgreSQL knows it by. */
function reopen(fs: Files, { descriptor, path, flags, position }: Image["open"][number]): void {
  const stream = fs.open(path, flags as unknown as string)
  const streams = (fs as unknown as { streams: (object | null)[] }).streams
  streams[stream.fd as number] = null
  stream.fd = descriptor
  stream.position = position
  streams[descriptor] = stream
}
