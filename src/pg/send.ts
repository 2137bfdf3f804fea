import type { Message } from "../core/statements.ts"
import type { Session } from "../core/types.ts"
import { isPgError } from "./pg-error.ts"

/** Sends one message of a file, with its rows where it reads some. */
export async function send(session: Session, { text, rows }: Pick<Message, "text" | "rows">): Promise<void> {
  if (rows === null) return await session.script(text)
  await session.copyIn(text, rows === "" ? [] : [rows]).catch((error: unknown) => {
    throw isPgError(error) ? Object.assign(error, { statement: 0 }) : error
  })
}
