import { sha256 } from "../core/checksum.ts"
import { readers } from "./all.ts"
import { plainDefault } from "./column.ts"
import { fixedText } from "./fixed-text.ts"

/** Changes when what is read of a database changes, so that no catalog of another nself is taken for one of this. */
export function readersFingerprint(): string {
  return sha256(readers.map(reader => `${reader.query}\n${String(reader.read)}`).join("\n") + String(fixedText) + String(plainDefault))
}
