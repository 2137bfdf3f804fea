/** SHA-256 of a file, 64 hex digits. */
export async function sha256(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256")
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk)
  return hash.digest("hex")
}
