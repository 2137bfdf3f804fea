import { MemoryFS, types } from "@electric-sql/pglite"
import { FOLDERS, type Image } from "./image.ts"

/** What `callMain` returns where PostgreSQL has started and waits for messages. Source: PGlite, `PGLITE_EXIT_ALIVE`. */
const ALIVE = 99

/** Standard input, output and error are open in every PGlite. */
const FIRST_OWN = 3

/** In `open(2)` of Emscripten: create it (0o100), it must be new (0o200), empty it (0o1000). */
const MAKING = 0o1300

type Module = NonNullable<MemoryFS["pg"]>["Module"]
type Imports = Parameters<typeof WebAssembly.instantiate>[1]

/** What Emscripten calls while it starts a program, beside what PGlite declares. */
interface Starting extends Module {
  instantiateWasm: (imports: Imports, done: (instance: WebAssembly.Instance, program: WebAssembly.Module) => void) => object
  FS_createDataFile: (path: string, name: null, bytes: Uint8Array) => void
}

/**
 * Files in memory as an image has them. The PGlite that is given them goes on where the image's stood still, in the place of a start; what it
 * has to do in JavaScript it does while its program is compiled.
 */
export class ImageFiles extends MemoryFS {
  /** @param program  PGlite is given another one, of no use, so that it does not wait for this one */
  constructor(private readonly image: Promise<Image>, private readonly program: Promise<WebAssembly.Module>) {
    super()
  }

  override async init(...given: Parameters<MemoryFS["init"]>): ReturnType<MemoryFS["init"]> {
    const { emscriptenOpts } = await super.init(...given)
    const module = emscriptenOpts as Starting
    module.instantiateWasm = (imports, done) => {
      void this.begin(module, imports).then(([instance, program]) => done(instance, program), () => {}) // `boot` waits for both, too
      return {}
    }
    return { emscriptenOpts }
  }

  private async begin(module: Starting, imports: Imports): Promise<readonly [WebAssembly.Instance, WebAssembly.Module]> {
    const put = quickly(module)
    module.FS_createDataFile = (path, _, bytes) => put(path, bytes)
    const { files } = await this.image
    for (const folder of FOLDERS) module.FS.mkdirTree(folder)
    for (const { path, bytes } of files) {
      if (bytes === null) module.FS.mkdirTree(path)
      // its own copy, as PostgreSQL writes into it (`slice` of a Buffer would be none)
      else put(path, new Uint8Array(bytes))
    }
    const program = await this.program
    return [await WebAssembly.instantiate(program, imports), program]
  }

  override async initialSyncFs(): Promise<void> {
    const module = this.pg!.Module
    const image = await this.image
    module.callMain = () => (this.goOn(image), ALIVE)
    module._pgl_startPGlite = () => {}
    this.pg!._initArrayTypes = async () => this.knowArrays(image)
  }

  private knowArrays({ arrays }: Image): void {
    const { parsers, serializers } = this.pg!
    for (const [array, element] of arrays) {
      parsers[array] = text => types.arrayParser(text, parsers[element]!, array)
      serializers[array] = value => types.arraySerializer(value, serializers[element], array)
    }
  }

  private goOn(image: Image): void {
    const { FS, HEAPU8, stackRestore } = this.pg!.Module
    for (const { at, bytes } of image.memory) HEAPU8.set(bytes, at)
    stackRestore(image.stack)
    for (const { descriptor, path, flags, position } of image.open) if (descriptor >= FIRST_OWN) reopen(FS, { descriptor, path, flags: flags & ~MAKING, position })
    FS.chdir(image.folder)
  }
}

interface Node {
  contents: Uint8Array
  usedBytes: number
}

/** A file that everybody may read and write and run, as `createDataFile` makes it. */
const FILE = 0o100777

/** Makes files in folders that are there. Emscripten's own `createDataFile` looks up, makes, opens, writes and closes each, a thousand times per start. */
function quickly({ FS, MEMFS }: Module): (path: string, bytes: Uint8Array) => void {
  const { createNode } = MEMFS as unknown as { readonly createNode: (folder: object, name: string, mode: number, device: number) => Node }
  const folders = new Map<string, object>()
  return (path, bytes) => {
    const slash = path.lastIndexOf("/")
    const folder = folders.getOrInsertComputed(path.slice(0, slash), name => FS.lookupPath(name, {}).node)
    const node = createNode(folder, path.slice(slash + 1), FILE, 0)
    node.contents = bytes
    node.usedBytes = bytes.length
  }
}

/** Under the number that PostgreSQL knows it by. */
function reopen(fs: Module["FS"], { descriptor, path, flags, position }: Image["open"][number]): void {
  const stream = fs.open(path, flags as unknown as string)
  const streams = (fs as unknown as { streams: (object | null)[] }).streams
  streams[stream.fd as number] = null
  stream.fd = descriptor
  stream.position = position
  streams[descriptor] = stream
}
