import { join } from "node:path"

interface Lock {
  readonly packages: Readonly<Record<string, readonly [id: string, ...unknown[]]>>
}
interface Manifest {
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

export interface Bom {
  readonly root: string
  readonly version: string
  /** Names of the packages that are in the executable. */
  readonly packages: readonly string[]
  /** Version of the runtime that is in it. */
  readonly bun: string
}

/** The software bill of materials in CycloneDX 1.6: what is inside the executable, with licences, hashes and who needs whom. No clock, no random number: the same build gives the same bill. */
export async function sbom({ root, version, packages, bun }: Bom): Promise<object> {
  const { default: lock } = (await import(join(root, "bun.lock"))) as { default: Lock }
  const found = await Promise.all(packages.map(async name => ({ name, manifest: (await Bun.file(join(root, "node_modules", name, "package.json")).json()) as Manifest })))
  const refs = new Map(found.map(({ name, manifest }) => [name, purl(name, manifest.version)]))
  const self = `pkg:generic/nself@${version}`
  const runtime = `pkg:generic/bun@${bun}`
  const own = (await Bun.file(join(root, "package.json")).json()) as Manifest
  const needs = (manifest: Manifest) => Object.keys(manifest.dependencies ?? {}).flatMap(name => refs.get(name) ?? []).toSorted()
  return {
    bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
    metadata: { component: { type: "application", "bom-ref": self, name: "nself", version, purl: self, licenses: licence("MIT") } },
    components: [
      { type: "platform", "bom-ref": runtime, name: "bun", version: bun, purl: runtime, licenses: licence("MIT") },
      ...found.map(({ name, manifest }) => ({
        type: "library", "bom-ref": refs.get(name)!, name, version: manifest.version, purl: refs.get(name)!,
        ...(manifest.description ? { description: manifest.description } : {}), licenses: licence(manifest.license), hashes: hashes(lock, name, manifest.version),
      })),
    ],
    dependencies: [
      { ref: self, dependsOn: [runtime, ...needs(own)] },
      { ref: runtime, dependsOn: [] },
      ...found.map(({ name, manifest }) => ({ ref: refs.get(name)!, dependsOn: needs(manifest) })),
    ],
  }
}

/** Source: github.com/package-url/purl-spec, npm: the `@` of a scope is percent-encoded. */
function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`
}

function licence(expression: string | undefined): object[] {
  return expression === undefined ? [] : [{ expression }]
}

/** The lock file's `sha512-<base64>`; CycloneDX wants hex. */
function hashes(lock: Lock, name: string, version: string): object[] {
  const entry = Object.values(lock.packages).find(([id]) => id === `${name}@${version}`)
  const integrity = entry?.findLast((part): part is string => typeof part === "string" && part.startsWith("sha512-"))
  if (!integrity) throw new Error(`bun.lock holds no hash of ${name}@${version}`)
  return [{ alg: "SHA-512", content: Buffer.from(integrity.slice(7), "base64").toString("hex") }]
}
