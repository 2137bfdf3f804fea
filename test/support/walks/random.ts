/** A source of chance that gives the same for the same seed (mulberry32). */
export class Chance {
  constructor(private state: number) {}
  /** From 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  /** From 0 up to, not including, `n`. */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }
  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
  /** So many of the list, each once, in its order. */
  some<T>(list: readonly T[], least: number, most: number): T[] {
    const wanted = Math.min(list.length, least + this.below(most - least + 1))
    const left = list.map((value, at) => ({ value, at }))
    const taken = Array.from({ length: wanted }, () => left.splice(this.below(left.length), 1)[0]!)
    return taken.toSorted((a, b) => a.at - b.at).map(({ value }) => value)
  }
  yes(probability: number): boolean {
    return this.next() < probability
  }
  /** The text, or nothing. */
  maybe(probability: number, text: string): string {
    return this.yes(probability) ? text : ""
  }
}
