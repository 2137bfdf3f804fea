import { createHash } from "node:crypto"

/** The text that is hashed and run: a leading BOM removed, CRLF read as LF (`docs/formats.md`). */
export function normalise(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")
}

/** 64 hex digits: SHA-256 over the normalised text as UTF-8; for an ordinary file what `sha256sum` prints. */
export function sha256(text: string): string {
  return createHash("sha256").update(normalise(text), "utf8").digest("hex")
}

/** `sha256:<64 hex digits>`, the form in the journal and on screen. */
export function tagged(hex: string): string {
  return `sha256:${hex}`
}
