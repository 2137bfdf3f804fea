import type { PGlite } from "@electric-sql/pglite"
import { createServer, type Socket } from "node:net"
import { splitStatements } from "../core/statements.ts"
import type { Listener } from "../core/types.ts"
import { errorMessage, messageReader, statusIn, textOf, type Message } from "./wire.ts"

/**
 * Lets other processes of this machine into a PGlite, over 127.0.0.1 and a port that the system chooses, until `close()`. There is one
 * session inside, so one connection at a time has it: from its first message until PostgreSQL says it is idle and outside of a transaction.
 * The session is one and the same for all, its settings too: `searchPath` is set once.
 * (`@electric-sql/pglite-socket` hands out single messages; two connections then see each other's unnamed statements.)
 */
export async function listen(pglite: PGlite, searchPath: string | null = null): Promise<Listener> {
  if (searchPath !== null) await pglite.exec(`set search_path = ${searchPath}`)
  const turns = turnTaker()
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.setNoDelay(true))
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy())
    attend(pglite, socket, turns)
  })
  await new Promise<void>((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done))
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(done => server.close(done))
      await (await turns())() // what a connection left open has been rolled back by then
    },
  }
}

type Turns = () => Promise<() => void>

/** Gives turns in the order they were asked for; the function that comes with a turn ends it. */
function turnTaker(): Turns {
  let last: Promise<void> = Promise.resolve()
  return () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = last
    last = promise
    return before.then(() => resolve)
  }
}

/** One connection: its messages in order, within turns. */
function attend(pglite: PGlite, socket: Socket, turns: Turns): void {
  const read = messageReader()
  let end: (() => void) | null = null
  let refused = false
  let work = Promise.resolve()
  const one = async (message: Message): Promise<void> => {
    if (socket.destroyed) return
    if (message.kind === "ssl") return void socket.write("N")
    if (message.kind === "cancel" || message.kind === "X") return void socket.end()
    // as the server does: behind an error everything is passed over up to the Sync
    if (refused && message.kind !== "S") return
    refused = await readsFromClient(message)
    end ??= await turns()
    if (refused) socket.write(errorMessage("0A000", "the embedded PostgreSQL cannot read rows from a client (COPY FROM STDIN)"))
    if (refused && message.kind === "P") return
    // in the place of the refused one, so that PostgreSQL says whether the session is idle
    if (await answer(pglite, socket, refused ? SYNC : message)) end = (end(), null)
    refused = false
  }
  const leave = async (): Promise<void> => {
    if (!end) return
    await pglite.exec("rollback").catch(() => {}) // a warning where there is no transaction
    end()
  }
  socket.on("data", bytes => {
    for (const message of read(bytes as Buffer)) work = work.then(() => one(message)).catch(() => void socket.destroy())
  })
  socket.on("close", () => (work = work.then(leave)))
}

/** Passes a message on and its answer back. `true`: the session is idle and outside of a transaction. */
async function answer(pglite: PGlite, socket: Socket, message: Message): Promise<boolean> {
  let idle = false
  await pglite.runExclusive(() => pglite.execProtocolRawStream(message.bytes, {
    onRawData: data => {
      idle = statusIn(data) === "I"
      if (!socket.destroyed) socket.write(Buffer.from(data))
    },
  }))
  return idle
}

const SYNC: Message = { kind: "S", bytes: new Uint8Array([0x53, 0, 0, 0, 4]) }

/** PGlite ends when it waits for rows of a client. */
async function readsFromClient(message: Message): Promise<boolean> {
  if (message.kind !== "Q" && message.kind !== "P") return false
  const sql = textOf(message)
  return /std(in|out)/i.test(sql) && (await splitStatements(sql)).some(statement => statement.trouble === "copy" || statement.rows !== null)
}
