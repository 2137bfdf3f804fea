/** `sha256:…` of a file's bytes, without nself's own code. */
export function checksum(content: string | Uint8Array): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(content).digest("hex")}`
}
