import type { Catalog, CatalogObject } from "../../core/catalog.ts"
import { ident } from "../../core/ident.ts"
import type { Session } from "../../core/types.ts"
import { retyped, typeText, type ColumnData } from "../../kinds/column.ts"
import { qualified, type Named } from "../../kinds/kind.ts"

/** Something on the way from one catalog to another that may end rows or values, and the question that tells. */
export interface Risk {
  /** As `--accept-loss` takes it: `np_users`, `np_users.mail`. */
  readonly object: string
  /** `table np_users is dropped`. */
  readonly what: string
  readonly table: string
  /** True where there is something to lose; `yes` as a column. */
  readonly question: string
}

/** What may lose data on the way from `have` to `want`: tables and columns that end, columns whose values move to another type. */
export function risksOf(want: Catalog, have: Catalog): readonly Risk[] {
  const objects = [...have.objects.values()]
  const tables = objects.filter(object => object.kind === "table" && !want.objects.has(object.id))
  const gone = new Set(tables.map(table => table.id))
  const columns = objects.filter(object => object.kind === "column" && !gone.has(object.parent!)) as CatalogObject<ColumnData>[]
  return [...tables.map(tableRisk), ...columns.flatMap(column => columnRisk(column, want.objects.get(column.id) as CatalogObject<ColumnData> | undefined))]
}

function tableRisk(table: CatalogObject): Risk {
  const name = qualified(table.data as Named)
  return { object: table.key, what: `table ${table.key} is dropped`, table: name, question: `select exists (select from ${name}) as yes` }
}

function columnRisk(have: CatalogObject<ColumnData>, want: CatalogObject<ColumnData> | undefined): readonly Risk[] {
  const { data, key } = have
  const [table, column] = [qualified(data.table), ident(data.name)]
  const filled = `select exists (select from ${table} where ${column} is not null) as yes`
  if (data.generated !== "") return []
  if (!want || (want.data.generated !== "")) return [{ object: key, what: `column ${key} is dropped`, table, question: filled }]
  if (!retyped(want.data, data)) return []
  const [to, from] = [typeText(want.data), typeText(data)]
  // a value that does not come back is one that was changed: '2020-01-01 10:00' as a date, 'abc' as varchar(2)
  const question = `select exists (select from ${table} where ${column}::text is distinct from ${column}::text::${to}::${from}::text) as yes`
  return [{ object: key, what: `values of column ${key} change on the way from ${from} to ${to}`, table, question }]
}

/**
 * The risks that come true, asked of the rows themselves. Inside a transaction; the tables are locked first, so that the answer holds until it ends.
 *
 * @param lock  `false`: only to be shown
 */
export async function lossesNow(session: Session, risks: readonly Risk[], lock: boolean): Promise<readonly Risk[]> {
  if (lock && risks.length > 0) await session.script(`lock table ${[...new Set(risks.map(risk => risk.table))].join(", ")} in access exclusive mode`)
  const lost: Risk[] = []
  for (const risk of risks) if (await comesTrue(session, risk)) lost.push(risk)
  return lost
}

/** A question that PostgreSQL cannot answer (a type that is new in this very push) is answered by whether there are rows. */
async function comesTrue(session: Session, { question, table }: Risk): Promise<boolean> {
  await session.script("savepoint asking")
  try {
    const [row] = await session.query<{ yes: boolean }>(question)
    await session.script("release asking")
    return row!.yes
  } catch {
    await session.script("rollback to asking; release asking")
    const [row] = await session.query<{ yes: boolean }>(`select exists (select from ${table}) as yes`)
    return row!.yes
  }
}

/** Those that `--accept-loss` does not name. */
export function unaccepted(losses: readonly Risk[], accepted: readonly string[]): readonly Risk[] {
  const plain = (name: string): string => name.replace(/^(table|column) /, "").replaceAll('"', "")
  const names = new Set(accepted.map(plain))
  return losses.filter(risk => !names.has(plain(risk.object)))
}
