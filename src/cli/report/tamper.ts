import type { Effect, Explanation, Origin } from "../../flows/runner/tamper.ts"

/** Objects that are named, at most; the rest is counted. */
const MOST = 12

/** What an altered file does otherwise, indented as a part of its line. */
export function tamperLines(explained: Explanation): string[] {
  return textOf(explained).map(line => `      ${line}`)
}

function textOf(explained: Explanation): string[] {
  switch (explained.kind) {
    case "unknown": return []
    case "words": return [`Changed since ${origin(explained.old)}: comments and white space only.`]
    case "same objects": return [`Changed since ${origin(explained.old)}: other statements, the same objects.`]
    case "broken": return [`Changed since ${origin(explained.old)}: the new text does not run: ${explained.reason}`]
    case "objects": return [`Changed since ${origin(explained.old)}, and its effect with it:`, ...effectsText(explained.effects)]
  }
}

const origin = ({ commit, author, date }: Origin): string => `${commit} (${author}, ${date})`

/** `+` only the new text makes it, `-` only the old one did, `~` both, but not alike. */
function effectsText(effects: readonly Effect[]): string[] {
  const lines = effects.map(({ kind, key, before, now }) => {
    const mark = before === null ? "+" : now === null ? "-" : "~"
    return `  ${mark} ${kind} ${key}: ${[before, now].flatMap(text => (text === null ? [] : [text.replace(/\s+/g, " ")])).join(" -> ")}`
  })
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `  and ${lines.length - MOST} more`]
}
