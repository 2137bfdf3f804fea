import { Fault } from "../core/fault.ts"

const CAUSES: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ["the disk is full", "make room, then run the command again"],
  EDQUOT: ["the disk quota is used up", "make room, then run the command again"],
  EFBIG: ["the file would be larger than this system allows", "raise the file size limit (ulimit -f), then run the command again"],
  EROFS: ["the file system is read-only", "run the command where the project can be written"],
  EACCES: ["no right to do that", "check the owner and the rights of the folder: ls -ld"],
  EPERM: ["no right to do that", "check the owner and the rights of the folder: ls -ld"],
  ENOTDIR: ["a part of the path is a file, not a folder", "move that file away"],
  EISDIR: ["it is a folder, not a file", "move that folder away"],
  EEXIST: ["it is already there", "move it away if no migration of that number is here, then run the command again"],
  ENAMETOOLONG: ["the name is too long for this file system", "give it a shorter --name"],
}

/** A disk's refusal in a person's words; what is not a known refusal is returned as it is. `doing`: `write migrations/x.sql`. */
export function diskFault(error: unknown, doing: string): unknown {
  const code = (error as { code?: string } | null)?.code ?? ""
  const known = CAUSES[code]
  return known ? new Fault("failed", `cannot ${doing}: ${known[0]} (${code})`, known[1], error) : error
}
