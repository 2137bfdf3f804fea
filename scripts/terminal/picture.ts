import { escape } from "../../src/cli/report/diagram-svg.ts"

/** Pixels. */
const LINE = 20
const CHAR = 8.1
const PAD = 22
const BAR = 34

/** A terminal with the console blocks of a page in it, as one SVG that needs nothing else. */
export function terminalPicture(page: string): string {
  const lines = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(found => found[1]!.trimEnd().split("\n"))
  const width = Math.ceil(Math.max(...lines.map(line => [...line].length)) * CHAR) + 2 * PAD
  const height = BAR + lines.length * LINE + PAD
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>A terminal</title>",
    "<style>text{font:13.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#e6edf3;white-space:pre}.p{fill:#3fb950;font-weight:700}.c{fill:#fff;font-weight:700}.g{fill:#3fb950}.y{fill:#d29922}</style>",
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map((colour, i) => `<circle cx="${20 + i * 20}" cy="17" r="6" fill="${colour}"/>`),
    ...lines.map((line, i) => `<text x="${PAD}" y="${BAR + (i + 1) * LINE - 4}" xml:space="preserve">${lineText(line)}</text>`),
    "</svg>", "",
  ].join("\n")
}

function lineText(line: string): string {
  if (line.startsWith("$ ")) return `<tspan class="p">$</tspan><tspan class="c">${escape(line.slice(1))}</tspan>`
  return escape(line).replace("[x]", '<tspan class="g">[x]</tspan>').replace("[ ]", '<tspan class="y">[ ]</tspan>')
}
