/**
 * Numbers that depend on nothing but their key and their row: any row can be made again, in any order, on any machine.
 * Source of the mixing: MurmurHash3's 32-bit finalizer, which is a bijection.
 */

/** 32 bits of a text: the key of a column, `42 public.np_users email`. */
export function keyOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash)
}

/** A key of a part of a column, so that one column draws many independent numbers. */
export const subKey = (key: number, part: number): number => mix(key ^ Math.imul(part + 1, 0x9e3779b1))

/** 32 bits from 0; for one key no two rows below 2^32 get the same. */
export const bits = (key: number, row: number): number => mix(mix(row) ^ key)

/** An integer from 0 to `n` - 1. `n` up to 2^32. */
export const below = (n: number, key: number, row: number): number => Math.floor((bits(key, row) / 0x1_0000_0000) * n)

/** A fraction from 0 to below 1, with 52 bits. */
export const fraction = (key: number, row: number): number => (bits(key, row) * 0x10_0000 + (bits(key ^ 0x5bd1e995, row) >>> 12)) / 2 ** 52

/** One of a list. */
export const pick = <T>(list: readonly T[], key: number, row: number): T => list[below(list.length, key, row)]!

/** True in about `percent` of a hundred rows. */
export const chance = (percent: number, key: number, row: number): boolean => below(100, key, row) < percent

/** Every number from 0 to `size` - 1 once, in an order that the key decides. `size` up to 2^50; `index` below it. */
export function permute(size: number, key: number, index: number): number {
  if (size < 2) return 0
  const half = Math.ceil(Math.log2(size) / 2)
  const side = 2 ** half
  let at = index
  do at = feistel(at, side, key)
  while (at >= size)
  return at
}

/** Four rounds over the two halves of a number below `side` squared: a bijection, whatever the rounds draw. */
function feistel(value: number, side: number, key: number): number {
  let [left, right] = [Math.floor(value / side), value % side]
  for (let round = 0; round < 4; round++) [left, right] = [right, (left + bits(subKey(key, round), right)) % side]
  return left * side + right
}

function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
