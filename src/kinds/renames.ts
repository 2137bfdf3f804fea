import type { Catalog, CatalogObject, KindName } from "../core/catalog.ts"
import { compare } from "../core/compare.ts"
import { Fault } from "../core/fault.ts"
import { literal } from "../core/ident.ts"
import { writers } from "./all.ts"
import type { ColumnData } from "./column.ts"
import type { EnumData } from "./enum.ts"
import { qualified } from "./kind.ts"

/** Something that went and something that came, which may be one thing under another name. */
export interface Candidate {
  /** What `--rename` takes: `np_users.mail`. */
  readonly from: string
  readonly to: string
  readonly statement: string
  readonly undo: string
}

/** All that could be a rename and must be decided: tables with common columns, columns of one kind of type, enums and enum values. */
export function candidates(want: Catalog, have: Catalog): readonly Candidate[] {
  const { missing, extra, changed } = compare(want, have)
  const pairs = (kind: KindName, alike: (w: CatalogObject, h: CatalogObject) => boolean) => extra.filter(h => h.kind === kind)
    .flatMap(h => missing.filter(w => w.kind === kind && sameSchema(w, h) && alike(w, h)).map(w => candidate(w, h)))
  return [
    ...pairs("table", (w, h) => shareColumns(want, w, have, h)),
    ...pairs("column", (w, h) => w.parent === h.parent && (w.data as ColumnData).category === (h.data as ColumnData).category),
    ...pairs("enum", (w, h) => (w.data as EnumData).labels.some(label => (h.data as EnumData).labels.includes(label))),
    ...changed.filter(change => change.want.kind === "enum").flatMap(change => labelCandidates(change.want as CatalogObject<EnumData>, change.have as CatalogObject<EnumData>)),
  ]
}

const schemaOf = (object: CatalogObject): string | null => (object.data as { schema?: string | null }).schema ?? null
const sameSchema = (a: CatalogObject, b: CatalogObject): boolean => schemaOf(a) === schemaOf(b)

/** At least half of the smaller table's columns, by name and type. */
function shareColumns(want: Catalog, w: CatalogObject, have: Catalog, h: CatalogObject): boolean {
  const columns = (catalog: Catalog, table: CatalogObject) => [...catalog.objects.values()]
    .filter(object => object.kind === "column" && object.parent === table.id).map(object => `${(object.data as ColumnData).name} ${(object.data as ColumnData).type}`)
  const [left, right] = [columns(want, w), columns(have, h)]
  const common = left.filter(column => right.includes(column)).length
  return common > 0 && common * 2 >= Math.min(left.length, right.length)
}

const candidate = (w: CatalogObject, h: CatalogObject): Candidate =>
  ({ from: h.key, to: w.key, statement: writers[h.kind].rename!(h, w), undo: writers[h.kind].rename!(w, h) })

function labelCandidates(want: CatalogObject<EnumData>, have: CatalogObject<EnumData>): Candidate[] {
  const gone = have.data.labels.filter(label => !want.data.labels.includes(label))
  const come = want.data.labels.filter(label => !have.data.labels.includes(label))
  const rename = (from: string, to: string) => `ALTER TYPE ${qualified(want.data)} RENAME VALUE ${literal(from)} TO ${literal(to)}`
  return gone.flatMap(from => come.map(to => ({ from: `${have.key}.${from}`, to: `${want.key}.${to}`, statement: rename(from, to), undo: rename(to, from) })))
}

/** What hangs on one table, or belongs to it, and is the same but for its name: renamed without a question. */
export function evidentRenames(want: Catalog, have: Catalog): readonly { readonly statement: string; readonly undo: string }[] {
  const { missing, extra } = compare(want, have)
  const kinds: readonly KindName[] = ["constraint", "index", "trigger", "policy", "sequence"]
  const taken = new Set<string>()
  return extra.filter(h => kinds.includes(h.kind)).flatMap(h => {
    const twin = missing.find(w => w.kind === h.kind && w.parent === h.parent && w.detail === h.detail && !taken.has(w.id) && owner(want, w) === owner(have, h))
    if (!twin) return []
    taken.add(twin.id)
    return [{ statement: writers[h.kind].rename!(h, twin), undo: writers[h.kind].rename!(twin, h) }]
  })
}

/** A sequence without an owner is never taken for another one. */
function owner(catalog: Catalog, object: CatalogObject): string {
  return object.kind === "sequence" ? (catalog.objects.get(`sequence owner:${object.key}`)?.detail ?? object.key) : ""
}

/** The candidate that `old=new` names. Throws a `usage` fault that lists what can be renamed. */
export function chosen(typed: string, all: readonly Candidate[]): Candidate {
  const cut = typed.indexOf("=")
  const [from, to] = [typed.slice(0, cut), typed.slice(cut + 1)]
  const found = all.find(c => c.from === from && (c.to === to || c.to.endsWith(`.${to}`)))
  if (cut > 0 && found) return found
  const list = all.map(c => `  --rename ${c.from}=${c.to}`).join("\n")
  throw new Fault("usage", `nothing to rename by --rename ${typed}`, list === "" ? "leave --rename out: nothing went that came back under another name" : `possible here:\n${list}`)
}

