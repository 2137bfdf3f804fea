import { someOf } from "../../core/tenant.ts"
import type { Mark, TenantsStatus } from "../../flows/tenants/status.ts"
import { escape } from "./diagram-svg.ts"

/** Above so many tenants, those that stand alike share a row: nobody reads five thousand. */
const ROWS = 100

const SIGNS: Readonly<Record<Mark, readonly [sign: string, look: string]>> = {
  applied: ["✓", "good"], pending: ["·", "mind"], altered: ["!", "bad"], unfinished: ["½", "bad"], late: ["«", "bad"],
}

/** One row per tenant, one column per migration. */
export function tenantsMatrix({ matrix, groups, files, unread, total, source }: TenantsStatus): string {
  const marks = new Map((matrix ?? []).map(row => [row.slug, row.marks]))
  const rows = total > ROWS
    ? groups.map(group => ({ name: `${group.slugs.length} × ${someOf(group.slugs, 3)}`, marks: marks.get(group.slugs[0]!) ?? [] }))
    : (matrix ?? []).map(({ slug, marks: own }) => ({ name: slug, marks: own }))
  const head = files.map(name => `<th class="mono"><span>${escape(name)}</span></th>`).join("")
  const cell = (mark: Mark): string => `<td class="${SIGNS[mark][1]}" title="${mark}">${SIGNS[mark][0]}</td>`
  const body = rows.map(({ name, marks: own }) => `<tr><td class="mono">${escape(name)}</td>${own.map(cell).join("")}</tr>`).join("\n")
  const legend = Object.entries(SIGNS).map(([mark, [sign, look]]) => `<span class="${look}">${sign} ${mark}</span>`).join(" &nbsp; ")
  const lost = unread.length === 0 ? "" : `<p class="bad">Not read:</p><ul>${unread.map(({ slug, why }) => `<li><code>${escape(slug)}</code> ${escape(why)}</li>`).join("")}</ul>`
  return `<section id="tenants"><h2>Tenants <span class="dim">(${total}, ${escape(source)})</span></h2>\n<p class="dim">${legend}</p><div class="scroll"><table class="matrix"><thead><tr><th>tenant</th>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>${lost}</section>`
}
