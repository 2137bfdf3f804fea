import { digestOf, type LedgerState } from "../../core/ledger-digest.ts"
import { dollarQuoted, literal } from "../../core/ident.ts"
import type { Applied, Session } from "../../core/types.ts"
import { LEDGER, ledgerName } from "../ledger.ts"
import { hasCode } from "../pg-error.ts"
import { TOLD } from "../server.ts"

/**
 * Rows of a ledger as one value, a `bytea`; see `digestOf`, which gives the same for the same rows, in hex. Null for no rows. Functions that take values of any type
 * are called by their schema, here and below: one of the same name in `public` that fits better would be taken (CVE-2018-1058).
 */
const DIGEST = `sha256(convert_to(string_agg(pg_catalog.concat(version, ':', name, ':', checksum, ':', state, ':', statement_no), ',' order by version), 'UTF8'))`
/** What the digest is made of; `$i` and `$ledger` stand for the tenant's number and its table. Sums are made behind the union: one plan for fifty tables. */
const ROWS = "select $i as i, version, name, checksum, state, statement_no from $ledger where state <> 'reverted'"
const EMPTY = digestOf([])

/** Tables read in one statement: more take the planner longer, and every one is a lock until its transaction ends (FAULTS.md, 2d). */
const BATCH = 50

/**
 * The state of many tenants' ledgers in one question, whatever their number. The server reads them fifty at a time, each time in a transaction of its own: ten
 * thousand tables locked in one would leave no lock for the application (SQLSTATE 53200). It tells what it found by RAISE INFO, because a DO has no result, and a
 * second question may be another session's behind a pooler.
 *
 * @param schemas  of the database this session is in; hostile names are as good as others
 * @returns by schema; every schema that was asked for is in it
 */
export async function fleetLedgers(session: Session, schemas: readonly string[]): Promise<ReadonlyMap<string, LedgerState>> {
  if (schemas.length === 0) return new Map()
  if (session.engine.startsWith("embedded") || schemas.length <= BATCH) return ledgersByBatch(session, schemas)
  const states = new Map<string, LedgerState>(schemas.map(schema => [schema, stateOf(EMPTY)])) // one without rows is not in the answer
  const again: string[] = []
  await session.script(readAll(schemas), told => {
    if (!told.startsWith(TOLD)) return
    for (const [i, state] of JSON.parse(`[${told.slice(TOLD.length + 1)}]`) as [number, string][]) {
      if (state === "again") again.push(schemas[i - 1]!)
      else states.set(schemas[i - 1]!, stateOf(state))
    }
  })
  for (const schema of again) states.set(schema, await ledgerState(session, schema))
  return states
}

/** The state of one ledger, in whatever moment it is read. */
export async function ledgerState(session: Session, schema: string): Promise<LedgerState> {
  try {
    return (await ledgersByBatch(session, [schema])).get(schema)!
  } catch (error) {
    if (hasCode(error, "42P01", "3F000")) return { kind: "none" } // dropped between the two questions
    if (hasCode(error, "42501")) return { kind: "denied" }
    throw error
  }
}

/** Names come in as JSON, quoted; what is spliced is quoted by `format('%I')`. A batch in which a ledger vanished meanwhile is to be asked `again`. */
function readAll(schemas: readonly string[]): string {
  const names = literal(JSON.stringify(schemas))
  return `do ${dollarQuoted(`
declare
  names text[]; states text[]; fifty text[]; says text[]; batch text; part text; at int := 0;
begin
  select pg_catalog.array_agg(w.name order by w.i), pg_catalog.array_agg(w.state order by w.i) into names, states from (${wanted(`${names}::json`)}) w;
  while at < pg_catalog.cardinality(names) loop
    fifty := names[at + 1 : at + ${BATCH}]; -- an element of an array is looked for from its beginning
    says := states[at + 1 : at + ${BATCH}];
    select string_agg(replace(replace(${literal(ROWS)}, '$i', (at + i)::text), '$ledger', pg_catalog.format('%I.%I', fifty[i], '${LEDGER}')), ' union all ')
      into batch from generate_series(1, pg_catalog.cardinality(fifty)) i where says[i] = 'there';
    begin
      part := null;
      if batch is not null then execute pg_catalog.format('select string_agg(pg_catalog.format('',[%%s,"%%s"]'', i, d), '''') from (select i, %s as d from (%s) r group by i) x', ${literal(HEX)}, batch) into part; end if;
    exception when undefined_table or undefined_column or insufficient_privilege then
      select string_agg(pg_catalog.format(',[%s,"again"]', at + i), '') into part from generate_series(1, pg_catalog.cardinality(fifty)) i where says[i] = 'there';
    end;
    if part is not null then raise info '${TOLD}%', part; end if;
    select string_agg(pg_catalog.format(',[%s,"%s"]', at + i, says[i]), '') into part from generate_series(1, pg_catalog.cardinality(fifty)) i where says[i] <> 'there';
    if part is not null then raise info '${TOLD}%', part; end if;
    at := at + ${BATCH};
    commit;
  end loop;
end `)}`
}

/**
 * Number (from 1), name and state of each schema in a JSON list: `there`, `none` (no ledger), `missing` (no schema) or `denied`. Looked up one by one, not joined:
 * where the catalogs were never analyzed, a join of ten thousand schemas is planned as if there were ten.
 */
function wanted(list: string): string {
  return `select w.i, w.name, case when to_regnamespace(quote_ident(w.name)) is null then 'missing'
      when not has_schema_privilege(to_regnamespace(quote_ident(w.name))::oid, 'usage') then 'denied'
      when to_regclass(quote_ident(w.name) || '.${LEDGER}') is null then 'none'
      when not has_table_privilege(to_regclass(quote_ident(w.name) || '.${LEDGER}')::oid, 'select') then 'denied' else 'there' end as state
    from json_array_elements_text(${list}) with ordinality w(name, i)`
}

/** The same in two questions per fifty tenants: for a few, and for the embedded database. */
async function ledgersByBatch(session: Session, schemas: readonly string[]): Promise<ReadonlyMap<string, LedgerState>> {
  const found = new Map<string, LedgerState>()
  for (let at = 0; at < schemas.length; at += BATCH) {
    const batch = schemas.slice(at, at + BATCH)
    const rows = await session.query<{ name: string; state: string }>(wanted("$1::json"), [JSON.stringify(batch)])
    for (const { name, state } of rows) if (state !== "there") found.set(name, stateOf(state))
    const there = rows.filter(row => row.state === "there").map(row => row.name)
    if (there.length === 0) continue
    const rowsOf = (name: string, i: number): string => ROWS.replace("$i", String(i)).replace("$ledger", () => ledgerName(name))
    for (const name of there) found.set(name, stateOf(EMPTY))
    for (const { i, d } of await session.query<{ i: number; d: string }>(`select i, ${HEX} as d from (${there.map(rowsOf).join(" union all ")}) r group by i`)) found.set(there[i]!, stateOf(d))
  }
  return found
}

const bytes = (hex: string): string => literal(`\\x${hex}`)
const HEX = `encode(${DIGEST}, 'hex')`

/** Selects `value` where the ledger of a schema has another digest, and nothing where it has this one. HAVING, because a sub-select is planned on its own, which every tenant would pay. */
export function selectUnless(schema: string, digest: string, value: string): string {
  return `select ${value} from ${ledgerName(schema)} where state <> 'reverted' having coalesce(${DIGEST}, ${bytes(EMPTY)}) <> ${bytes(digest)}`
}

function stateOf(state: string): LedgerState {
  return state === "none" || state === "missing" || state === "denied" ? { kind: state } : { kind: "digest", digest: state }
}

interface FoundRow { readonly i: number; readonly version: number; readonly name: string; readonly checksum: string; readonly state: Applied["state"]; readonly statement_no: number | null; readonly run_id: string; readonly at: number }

/** The rows of several ledgers, which must be there, in one question per fifty. By schema. */
export async function ledgersOf(session: Session, schemas: readonly string[]): Promise<ReadonlyMap<string, readonly Applied[]>> {
  const found = new Map<string, Applied[]>(schemas.map(schema => [schema, []]))
  for (let at = 0; at < schemas.length; at += BATCH) {
    const text = schemas.slice(at, at + BATCH).map((schema, i) => `select ${at + i} as i, version::float8 as version, name, checksum, state, statement_no, run_id::text as run_id,
      (extract(epoch from coalesce(finished_at, started_at)) * 1000)::float8 as at from ${ledgerName(schema)} where state <> 'reverted'`).join(" union all ")
    for (const row of await session.query<FoundRow>(`${text} order by i, version`)) {
      found.get(schemas[row.i]!)!.push({
        seq: Number(row.version), name: row.name, sha256: row.checksum, state: row.state, statementNo: row.statement_no, runId: row.run_id, appliedAt: new Date(Number(row.at)), durationMs: null,
      })
    }
  }
  return found
}
