/** Words that are shown to either side of a difference, so that it can be found again. */
const AROUND = 3
/** Lines of a long text that are shown at most. */
const MOST_LINES = 12

/** Of two texts only the part that differs, with a few words around it and `…` for what was cut. Several lines where the texts have several. */
export function differing(first: string, second: string): readonly [string, string] {
  const [a, b] = [first.split("\n"), second.split("\n")]
  const [head, tail] = common(a, b)
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  if (left.length === 1 && right.length === 1) return inLine(left[0]!, right[0]!)
  return [few(left), few(right)]
}

function few(lines: readonly string[]): string {
  if (lines.length === 0) return "(nothing)"
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), "…"].join("\n") : lines.join("\n")
}

function inLine(first: string, second: string): readonly [string, string] {
  const [a, b] = [words(first), words(second)]
  const [head, tail] = common(a, b)
  const cut = (all: readonly string[]): string => {
    const from = Math.max(0, head - AROUND * 2)
    const to = Math.min(all.length, all.length - tail + AROUND * 2)
    return `${from > 0 ? "…" : ""}${all.slice(from, to).join("")}${to < all.length ? "…" : ""}`.trim() || "(nothing)"
  }
  return [cut(a), cut(b)]
}

/** Words and what stands between them, so that joining gives the text back. */
const words = (text: string): string[] => text.split(/(?<=[\s(),])|(?=[\s(),])/)

/** How many parts are alike at the beginning and at the end. */
function common(a: readonly string[], b: readonly string[]): readonly [number, number] {
  const most = Math.min(a.length, b.length)
  let head = 0
  while (head < most && a[head] === b[head]) head++
  let tail = 0
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  return [head, tail]
}
