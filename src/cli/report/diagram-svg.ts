import type { Diagram, DiagramChange, DiagramColumn, DiagramEdge } from "../../core/diagram.ts"
import { detour, layout, ROW, rowY, type Box } from "./diagram-layout.ts"

/** Colours by name, for light and for dark; a page that embeds the picture may set its own. */
const STYLE = `
.er{--bg:#fff;--box:#fff;--head:#f0f3f6;--line:#8c959f;--ink:#1f2328;--dim:#656d76;--added:#1a7f37;--removed:#cf222e;--changed:#9a6700;--key:#0969da}
@media (prefers-color-scheme:dark){.er{--bg:#0d1117;--box:#161b22;--head:#21262d;--line:#6e7681;--ink:#e6edf3;--dim:#8d96a0;--added:#3fb950;--removed:#f85149;--changed:#d29922;--key:#58a6ff}}
.er{background:var(--bg);font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.er text{fill:var(--ink)}.er .type,.er .null{fill:var(--dim)}.er .key{fill:var(--key)}.er .name{font-weight:700}
.er .box{fill:var(--box);stroke:var(--line)}.er .head{fill:var(--head)}.er .edge{fill:none;stroke:var(--line);stroke-width:1.4}
.er .many,.er .one{fill:none;stroke:var(--line);stroke-width:1.4}
.er .added text,.er .added.text{fill:var(--added)}.er .removed text{fill:var(--removed);text-decoration:line-through}.er .changed text{fill:var(--changed)}
.er .t-added .box,.er .e-added path{stroke:var(--added);stroke-width:2.2}.er .t-removed .box,.er .e-removed path{stroke:var(--removed);stroke-width:2.2;stroke-dasharray:5 4}.er .t-changed .box,.er .e-changed path{stroke:var(--changed);stroke-width:2.2}
`.trim()

/** The picture as one SVG that needs nothing else: no script, no font, no other file. */
export function diagramSvg(diagram: Diagram, title: string): string {
  const { boxes, width, height } = layout(diagram)
  const at = new Map(boxes.map(box => [box.table.name, box]))
  return [
    `<svg class="er" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" style="--width:${width}px" role="img">`,
    `<title>${escape(title)}</title>`, `<style>${STYLE}</style>`,
    `<rect width="100%" height="100%" fill="var(--bg)"/>`,
    ...diagram.edges.flatMap(edge => edgeShape(edge, at, boxes)),
    ...boxes.map(boxShape),
    "</svg>",
  ].join("\n")
}

const MARK = { added: "+ ", removed: "− ", changed: "~ " } as const
const sign = (change: DiagramChange): string => (change ? MARK[change] : "")

function boxShape({ table, x, y, width, height }: Box): string {
  const cut = `clip-${Math.round(x)}-${Math.round(y)}`
  return [
    `<g class="${table.change ? `t-${table.change}` : "t"}" transform="translate(${x} ${y})">`,
    `<clipPath id="${cut}"><rect width="${width - 6}" height="${height}"/></clipPath>`,
    `<rect class="box" width="${width}" height="${height}" rx="6"/><path class="head" d="M1 7a6 6 0 0 1 6-6h${width - 14}a6 6 0 0 1 6 6v23H1z"/>`,
    `<g clip-path="url(#${cut})"><g class="${table.change ?? ""}"><text class="name" x="10" y="20">${escape(sign(table.change) + table.name)}</text></g>`,
    ...table.columns.map((column, i) => columnShape(column, 30 + i * ROW + 16, width)),
    "</g></g>",
  ].join("\n")
}

function columnShape({ name, type, primary, foreign, unique, nullable, change }: DiagramColumn, y: number, width: number): string {
  const key = [primary ? "PK" : unique ? "U" : "", foreign ? "FK" : ""].join(" ").trim()
  return `<g class="${change ?? ""}"><text class="key" x="10" y="${y}">${key}</text><text x="58" y="${y}">${escape(sign(change) + name)}</text><text class="type" x="${width - 10}" y="${y}" text-anchor="end">${escape(type)}${nullable ? "?" : ""}</text></g>`
}

/** A curve from the referring column to the referenced one, with a crow's foot where many rows may refer. */
function edgeShape(edge: DiagramEdge, at: ReadonlyMap<string, Box>, boxes: readonly Box[]): string[] {
  const [from, to] = [at.get(edge.from), at.get(edge.to)]
  if (!from || !to) return []
  const [y1, y2] = [rowY(from, edge.columns[0]), rowY(to, edge.toColumns[0])]
  const self = from.x === to.x
  const left = from.x > to.x
  const [x1, d1] = left ? [from.x, -1] : [from.x + from.width, 1]
  const [x2, d2] = self || left ? [to.x + to.width, 1] : [to.x, -1]
  const path = self ? loop(x1, y1, x2, y2) : curve([[x1, y1], ...detour(boxes, [x1, y1], [x2, y2]), [x2, y2]])
  const foot = edge.one ? `<path class="one" d="M${x1 + d1 * 7} ${y1 - 5}v10"/>` : `<path class="many" d="M${x1} ${y1 - 5}L${x1 + d1 * 9} ${y1}L${x1} ${y1 + 5}"/>`
  const end = `<path class="one" d="M${x2 + d2 * 7} ${y2 - 5}v10"/>`
  const label = `${edge.from}.${edge.columns.join(", ")} → ${edge.to}.${edge.toColumns.join(", ")} (${edge.name}${edge.change ? `, ${edge.change}` : ""})`
  return [`<g class="${edge.change ? `e-${edge.change}` : "e"}"><title>${escape(label)}</title><path class="edge" d="${path}"/>${foot}${end}</g>`]
}

/** Out on the right side and back in. */
function loop(x1: number, y1: number, x2: number, y2: number): string {
  const bend = 30 + Math.abs(y1 - y2) / 8
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`
}

/** Through all points, level at each of them. */
function curve(points: readonly (readonly [x: number, y: number])[]): string {
  const [first, ...rest] = points
  let [x, y] = first!
  return `M${x} ${y}${rest.map(([nextX, nextY]) => {
    const middle = (x + nextX) / 2
    const part = `C${middle} ${y} ${middle} ${nextY} ${nextX} ${nextY}`
    ;[x, y] = [nextX, nextY]
    return part
  }).join("")}`
}

/** Text as XML and HTML take it. */
export function escape(text: string): string {
  // XML has no form at all for most control characters
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "�").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;")
}
