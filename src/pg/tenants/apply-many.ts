import { dollarQuoted, literal } from "../../core/ident.ts"
import type { Session } from "../../core/types.ts"
import { isLost } from "../pg-error.ts"
import { TOLD } from "../server.ts"
import { wordingFor } from "./apply-tenant.ts"
import { formatFor, type TenantWork } from "./message.ts"

/** How one message for several tenants ended. */
export interface ManyOutcome {
  /** So many have committed, the first ones. */
  readonly done: number
  /** Whether nothing is known of the one behind them and those that follow: they may have committed, too. */
  readonly doubt: boolean
  /** PostgreSQL's error that ended it; its place in the text means nothing. `null`: none did. */
  readonly error: unknown
}

/**
 * One try at several tenants that are alike, in one message: at each the server does what `applyTenant` has it do, in a transaction of its own, and begins the next one
 * by itself. What a message costs on the way and in this process is paid once for all of them.
 *
 * Ends at the first tenant that fails, which is rolled back whole; `applyTenant` can say what the matter is. Does nothing, without an error, where a transaction that the
 * server begins itself would not be like one of `applyTenant`, or where its statements would be missing in the server's log.
 *
 * @param work     of any of them; the others differ in the schema only
 * @param schemas  none of them the one of the extensions
 * @param told     called for the next ones that have committed with what each took, in milliseconds; a tenth of a second after it, not at once
 */
export async function applyMany(session: Session, work: TenantWork, schemas: readonly string[], extensionSchema: string | null, told: (took: readonly number[]) => void): Promise<ManyOutcome> {
  const id = crypto.randomUUID()
  let heard = 0
  try {
    await session.script(messageToMany(id, formatFor(work, await wordingFor(session, work, extensionSchema)), schemas), said => {
      if (!said.startsWith(TOLD)) return
      const took = said.slice(TOLD.length).split(" ").map(Number)
      heard += took.length
      told(took)
    })
    return { done: heard, doubt: false, error: null }
  } catch (error) {
    const ask = (): Promise<number | null> => (isLost(error) ? Promise.resolve(null) : countOf(session, id))
    const counted = await ask().catch(ask).catch(() => null) // a cancellation may come late and meet the question
    return { done: counted ?? heard, doubt: counted === null, error }
  }
}

/** Where the server counts what has committed: a setting of the session that is changed with the tenant's transaction, or not at all. */
const COUNT = "nself.done"

/** `null`: this is not the server process that had the message, as behind a pooler, or it never came to the first tenant. */
async function countOf(session: Session, id: string): Promise<number | null> {
  const [row] = await session.query<{ said: string | null }>(`select current_setting('${COUNT}', true) as said`)
  const [whose, count] = (row?.said ?? "").split(" ")
  return whose === id ? Number(count) : null
}

function messageToMany(id: string, format: string, schemas: readonly string[]): string {
  return `do ${dollarQuoted(`
declare
  said constant text := ${literal(format)};
  tenant text; done int := 0; took text := ''; began timestamptz := clock_timestamp(); heard timestamptz := began;
begin
  if current_setting('transaction_isolation') <> 'read committed' or current_setting('transaction_read_only') <> 'off' or current_setting('log_statement') <> 'none' then
    return;
  end if;
  perform set_config('${COUNT}', '${id} 0', false);
  commit;
  foreach tenant in array array[${schemas.map(literal).join(", ")}] loop
    done := done + 1; -- before search_path is the tenant's: what is kept ready is planned anew under another one
    perform set_config('${COUNT}', pg_catalog.concat('${id} ', done), false);
    execute pg_catalog.format(said, tenant);
    commit;
    took := pg_catalog.concat_ws(' ', nullif(took, ''), (1000 * extract(epoch from clock_timestamp() - began))::int);
    began := clock_timestamp();
    if began - heard > '0.1s' then
      raise info '${TOLD}%', took;
      took := '';
      heard := began;
    end if;
  end loop;
  if took <> '' then raise info '${TOLD}%', took; end if;
end `)}`
}
