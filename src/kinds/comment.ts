import { literal } from "../core/ident.ts"
import type { CommentData, Writer } from "./kind.ts"

const on = (data: CommentData, text: string) => [`COMMENT ON ${data.on} IS ${text}`]

export const comment: Writer<CommentData> = {
  create: object => on(object.data, literal(object.data.text)),
  drop: object => on(object.data, "NULL"),
  alter: want => on(want.data, literal(want.data.text)),
}
