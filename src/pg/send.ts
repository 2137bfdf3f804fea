import type { Message } from "../core/statements.ts"
import type { Session } from "../core/types.ts"

/** Sends one message of a file, with its rows where it reads some. */
export async function send(session: Session, { text, rows }: Pick<Message, "text" | "rows">): Promise<void> {
  if (rows === null) await session.script(text)
  else await session.copyIn(text, rows === "" ? [] : [rows])
}
