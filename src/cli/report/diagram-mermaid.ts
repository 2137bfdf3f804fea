import type { Diagram, DiagramChange, DiagramColumn, DiagramEdge } from "../../core/diagram.ts"

/** The picture as Mermaid's `erDiagram`, which GitHub, GitLab and many editors draw. */
export function diagramMermaid({ tables, edges }: Diagram): string {
  return [
    "erDiagram",
    ...tables.flatMap(({ name, columns, change }) => [`  ${entity(name)}${change ? `:::${change}` : ""} {`, ...columns.map(column => `    ${columnLine(column)}`), "  }"]),
    ...edges.map(edgeLine),
    ...([["added", "#1a7f37"], ["removed", "#cf222e"], ["changed", "#9a6700"]] as const).filter(([change]) => tables.some(table => table.change === change)).map(([change, colour]) => `  classDef ${change} stroke:${colour},stroke-width:3px`),
  ].join("\n")
}

/** Mermaid ends a quoted name at a quote, whatever stands before it. */
const entity = (name: string): string => (/^[A-Za-z_][\w-]*$/.test(name) ? name : `"${name.replaceAll('"', "'").replaceAll("\\", "/").replaceAll("%", "_")}"`)

/** A word of a column line takes letters, digits and few signs; what is left out of a name is told in the remark. */
const word = (text: string): string => {
  const plain = text.replaceAll(/[^\p{L}\d_()[\]*-]+/gu, "_")
  return /^[\p{L}_*]/u.test(plain) ? plain : `_${plain}`
}

function columnLine({ name, type, primary, foreign, unique, nullable, change }: DiagramColumn): string {
  const keys = [primary ? "PK" : "", foreign ? "FK" : "", unique && !primary ? "UK" : ""].filter(key => key !== "").join(", ")
  const remarks = [word(name) === name ? "" : name, nullable ? "null" : "", changeWord(change)].filter(text => text !== "").join(", ").replaceAll('"', "'")
  return [word(type), word(name), keys, remarks === "" ? "" : `"${remarks}"`].filter(part => part !== "").join(" ")
}

function edgeLine({ from, to, columns, one, optional, change }: DiagramEdge): string {
  const label = [columns.join(", "), changeWord(change)].filter(text => text !== "").join(", ").replaceAll('"', "'")
  return `  ${entity(from)} ${one ? "|o" : "}o"}--${optional ? "o|" : "||"} ${entity(to)} : "${label}"`
}

const changeWord = (change: DiagramChange): string => change ?? ""
