import { batchSize } from "../../core/batch-size.ts"
import { batchPool } from "../../core/pool.ts"
import { cancelling } from "../../pg/cancelling.ts"
import { seat } from "../../pg/tenants/seat.ts"
import { lookAhead } from "./look-ahead.ts"
import type { ServerRun } from "./server-run.ts"
import type { Item } from "./visit.ts"
import { workAll, type Hand } from "./work-all.ts"

/** All tenants of one server with its own workers. A server that cannot be reached holds up its own tenants only. Gives back those not tried. */
export async function serverPool(run: ServerRun): Promise<readonly Item[]> {
  const seats = Array.from({ length: run.server.width }, seat)
  const hand: Hand = { ahead: lookAhead(run.items), pace: { eachMs: null, alone: !run.batches } }
  const stopped = (): boolean => run.stopped() || run.visiting.signal.aborted
  return cancelling(run.visiting.signal, () => seats.map(one => one.now()), () => batchPool<Item>({
    ...run.clock, items: run.items, width: run.server.width, shareOf: item => item.reader, stopped,
    atOnce: left => (hand.pace.alone ? 1 : batchSize(left, run.server.width, hand.pace.eachMs)),
    work: (items, worker) => workAll({ ...run, stopped }, hand, seats[worker]!, items), leave: worker => seats[worker]!.rest(),
  }))
}
