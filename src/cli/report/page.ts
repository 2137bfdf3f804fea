import type { CatalogObject } from "../../core/catalog.ts"
import { isSame } from "../../core/compare.ts"
import { hasChanges } from "../../core/diagram.ts"
import { pad } from "../../core/name.ts"
import { sqlText } from "../../core/migration-text.ts"
import type { Report, ReportRow } from "../../flows/project/report.ts"
import { diagramSvg, escape } from "./diagram-svg.ts"
import { PAGE_STYLE } from "./page-style.ts"
import { tenantsMatrix } from "./page-tenants.ts"
import { count, time } from "./words.ts"

/** One HTML page that needs nothing else: no script, no font, no other file. */
export function reportPage(report: Report): string {
  const { project, env, database, engine, madeAt } = report
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(project)} (${escape(env)}): database report</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escape(project)} <span class="dim">· ${escape(env)}</span></h1>
<p class="dim mono">${escape(database)} · ${escape(engine)} · ${time(madeAt)} UTC</p>
<nav><a href="#pending">Pending</a><a href="#drift">Drift</a><a href="#history">History</a><a href="#diagram">Diagram</a>${report.tenants ? '<a href="#tenants">Tenants</a>' : ""}</nav>
${cards(report)}
${pendingSection(report)}
${driftSection(report)}
${historySection(report)}
${diagramSection(report)}
${report.tenants ? tenantsMatrix(report.tenants) : ""}
</main>
</body>
</html>
`
}

function cards({ version, history, pending, drift, tenants }: Report): string {
  const odd = history.filter(isOdd).length
  const card = (value: string, label: string, look = ""): string => `<div class="card"><b class="${look}">${escape(value)}</b><span>${escape(label)}</span></div>`
  return `<div class="cards">${[
    card(pad(version), "version"), card(String(history.length), history.length === 1 ? "migration applied" : "migrations applied"),
    card(String(pending.length), "pending", pending.length > 0 ? "mind" : "good"),
    "why" in drift ? card("?", "drift: not looked for") : isSame(drift.found) ? card("none", "drift", "good") : card(String(drift.found.missing.length + drift.found.extra.length + drift.found.changed.length), "changed by hand", "bad"),
    ...(odd > 0 ? [card(String(odd), "altered, missing or half done", "bad")] : []),
    ...(tenants ? [card(String(tenants.total), tenants.total === 1 ? "tenant" : "tenants")] : []),
  ].join("")}</div>`
}

const isOdd = (row: ReportRow): boolean => row.file !== "same" || row.state !== "applied"

function section(id: string, title: string, body: string): string {
  return `<section id="${id}"><h2>${title}</h2>\n${body}\n</section>`
}

function pendingSection({ pending }: Report): string {
  if (pending.length === 0) return section("pending", "Pending", '<p class="good">The database is up to date.</p>')
  const why = { new: "", late: " · older than the last applied migration", unfinished: " · begun, not finished" }
  return section("pending", "Pending", pending.map(({ path, sql, why: reason }) => `<details${pending.length <= 3 ? " open" : ""}><summary class="mono">${escape(path)}<span class="mind">${why[reason]}</span></summary><pre>${escape(sql.trimEnd())}</pre></details>`).join("\n"))
}

function driftSection({ drift }: Report): string {
  if ("why" in drift) return section("drift", "Drift", `<p class="dim">Not looked for: ${escape(drift.why)}.</p>`)
  if (isSame(drift.found)) return section("drift", "Drift", '<p class="good">The database is what its migrations made.</p>')
  const list = (title: string, objects: readonly CatalogObject[]): string => (objects.length === 0 ? "" : `<p>${title}</p><ul>${objects.map(({ kind, key }) => `<li>${escape(kind)} <code>${escape(key)}</code></li>`).join("")}</ul>`)
  const changed = drift.found.changed.map(({ want, have }) => `<tr><td>${escape(want.kind)} <code>${escape(want.key)}</code></td><td><code>${escape(want.detail)}</code></td><td><code>${escape(have.detail)}</code></td></tr>`).join("")
  return section("drift", "Drift", [
    '<p class="bad">The database was changed by hand.</p>', list("Missing in the database:", drift.found.missing), list("Extra in the database:", drift.found.extra),
    changed === "" ? "" : `<div class="scroll"><table><tr><th>Changed</th><th>Migrations</th><th>Database</th></tr>${changed}</table></div>`,
    `<details><summary>Statements that would take it back</summary><pre>${escape(sqlText(drift.sql))}</pre></details>`,
  ].join("\n"))
}

function historySection({ history }: Report): string {
  if (history.length === 0) return section("history", "History", '<p class="dim">Nothing was applied yet.</p>')
  const said = (row: ReportRow): string => {
    if (row.state !== "applied") return `<span class="bad">half applied (${row.state})</span>`
    return { same: '<span class="good">as applied</span>', altered: '<span class="bad">file was altered since</span>', missing: '<span class="bad">no such file here</span>' }[row.file]
  }
  const rows = history.map(row => `<tr><td class="mono">${escape(row.name)}</td><td>${time(row.appliedAt)}</td><td class="number">${row.durationMs === null ? "" : `${Math.round(row.durationMs)} ms`}</td><td>${said(row)}</td></tr>`)
  return section("history", "History", `<div class="scroll"><table><tr><th>Migration</th><th>Applied (UTC)</th><th class="number">Took</th><th>File</th></tr>\n${rows.join("\n")}\n</table></div>`)
}

function diagramSection({ diagram, pending }: Report): string {
  if (!diagram) return section("diagram", "Diagram", '<p class="dim">The history could not be replayed.</p>')
  if (diagram.tables.length === 0) return section("diagram", "Diagram", '<p class="dim">No tables.</p>')
  const legend = hasChanges(diagram) ? `<p class="dim">Marked: what ${count(pending.length, "pending migration")} will do. <span class="good">+ added</span>, <span class="bad">− removed</span>, <span class="mind">~ changed</span>.</p>` : ""
  return section("diagram", "Diagram", `${legend}<div class="scroll">${diagramSvg(diagram, "Tables and keys")}</div>`)
}
