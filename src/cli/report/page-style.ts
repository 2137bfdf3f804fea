/** The page's look, for light and for dark. Words say everything that a colour says. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--bg:#f6f8fa;--card:#fff;--line:#d1d9e0;--ink:#1f2328;--dim:#59636e;--good:#1a7f37;--bad:#cf222e;--mind:#9a6700;--link:#0969da;--code:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--card:#151b23;--line:#3d444d;--ink:#f0f6fc;--dim:#9198a1;--good:#3fb950;--bad:#f85149;--mind:#d29922;--link:#4493f8;--code:#0d1117}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1280px;margin:0 auto;padding:24px 20px 60px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:0 0 12px}
.dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}.mind{color:var(--mind)}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:12px;margin:20px 0}
.card,section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 18px}
.card b{display:block;font-size:22px;line-height:1.3}.card span{color:var(--dim)}
section{margin:0 0 18px}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}th{font-weight:600;color:var(--dim);white-space:nowrap}th.number,td.number{text-align:right}td.number{font-variant-numeric:tabular-nums}
details{border:1px solid var(--line);border-radius:6px;margin:0 0 8px}summary{cursor:pointer;padding:8px 12px}
pre{margin:0;padding:12px;overflow:auto;background:var(--code);border-top:1px solid var(--line);border-radius:0 0 6px 6px;tab-size:2}
.scroll{overflow:auto}.scroll svg{display:block;height:auto;max-width:100%;min-width:min(var(--width),900px)}.scroll .er{--bg:transparent}
.matrix th:first-child,.matrix td:first-child{position:sticky;left:0;background:var(--card)}
.matrix td,.matrix th{text-align:center;padding:5px 8px;white-space:nowrap}.matrix th:first-child,.matrix td:first-child{text-align:left}
.matrix thead th{font-weight:500;vertical-align:bottom}.matrix thead span{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);text-align:left}
ul{margin:0 0 10px;padding-left:20px}nav a{color:var(--link);margin-right:14px;text-decoration:none}
@media print{body{background:#fff}section{break-inside:avoid}}
`.trim()
