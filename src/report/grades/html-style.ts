/** Colours of a scheme. Each pair of a state is text and its ground, with a contrast of at least 4.5 to 1. */
const LIGHT = `
  --ground: #f5f6f8; --paper: #ffffff; --ink: #1b2430; --soft: #55606e; --line: #d7dce3; --accent: #1c5786;
  --passed: #14532d; --passed-ground: #dcefe1; --failed: #8c1c13; --failed-ground: #fbdcd7;
  --blocked: #5c4500; --blocked-ground: #f4e9c9; --error: #4b2a85; --error-ground: #e7dff6;
  --repaired: #164a74; --repaired-ground: #d8e9f7; --skipped: #55606e; --skipped-ground: #eceff3; --bar: #c6503f;`;

const DARK = `
  --ground: #10151c; --paper: #171e27; --ink: #e2e8ef; --soft: #a5b0bd; --line: #303a47; --accent: #83bcea;
  --passed: #a3e4b4; --passed-ground: #17371f; --failed: #ffb9b0; --failed-ground: #4a1a1a;
  --blocked: #f0d68f; --blocked-ground: #3b3113; --error: #d6c2ff; --error-ground: #312553;
  --repaired: #a8d4f8; --repaired-ground: #17364f; --skipped: #a5b0bd; --skipped-ground: #222a35; --bar: #e2796a;`;

/** The style of the page. It asks for nothing: the fonts are those of the reader's system. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT}
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 clamp(1rem, 3vw, 2rem); }
header { padding-top: 2.5rem; }
h1 { font-size: clamp(1.4rem, 1rem + 1.8vw, 2rem); line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.015em; text-wrap: balance; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 .25rem; letter-spacing: -.01em; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.soft, footer { color: var(--soft); font-size: .9rem; }
.soft { margin: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.warning { border-left: .25rem solid var(--blocked); background: var(--blocked-ground); color: var(--blocked);
  padding: .5rem .9rem; border-radius: 0 .3rem .3rem 0; margin: 1rem 0; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 1.5rem 0 0; padding: 1rem 0 0; border-top: 1px solid var(--line); }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.65rem; line-height: 1.15; font-weight: 650; letter-spacing: -.02em; }
.figures small { font-size: .55em; font-weight: 400; color: var(--soft); letter-spacing: 0; }

.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; margin-top: .9rem; }
table { border-collapse: separate; border-spacing: 0; }
th, td { text-align: left; vertical-align: middle; font-weight: 400; }
.class { padding: 0 .6rem .6rem 0; border-spacing: 2px; position: relative; }
.class thead th { vertical-align: bottom; padding: .75rem .25rem .45rem; font-size: .82rem; color: var(--soft); line-height: 1.15; }
.class thead .lesson { min-width: 2.9rem; text-align: center; }
.class .lesson span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 10rem;
  text-align: left; overflow: hidden; margin-bottom: .45rem; color: var(--ink); }
.class .lesson b { display: block; font-weight: 600; color: var(--ink); }
.class .name { position: sticky; left: 0; background: var(--paper); padding: .3rem .75rem .3rem 1rem;
  min-width: 7.5rem; max-width: 17rem; overflow-wrap: anywhere; line-height: 1.25; z-index: 1; }
.class tbody .name { border-top: 1px solid var(--line); }
.class .score { min-width: 4.6rem; padding: .3rem .6rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
.class thead .score { border: 0; white-space: normal; }
.class .score b { font-size: 1.1rem; font-weight: 650; }
.class .score.none { white-space: normal; font-size: .8rem; line-height: 1.2; text-align: left; min-width: 6.5rem; color: var(--error); }
.cell { width: 2.9rem; height: 2.9rem; text-align: center; border-radius: .25rem; line-height: 1.1; font-size: .85rem; }
.cell i { display: block; font-style: normal; font-size: 1rem; }
.passed { color: var(--passed); background: var(--passed-ground); }
.failed { color: var(--failed); background: var(--failed-ground); }
.blocked { color: var(--blocked); background: var(--blocked-ground); }
.error { color: var(--error); background: var(--error-ground); }
.repaired { color: var(--repaired); background: var(--repaired-ground); }
.skipped, .nothing, .refused { color: var(--skipped); background: var(--skipped-ground); }
.legend { display: flex; flex-wrap: wrap; gap: .35rem .6rem; padding: 0; margin: .8rem 0 0; list-style: none; font-size: .85rem; }
.legend + .soft { margin-top: .4rem; }
.chip { display: inline-block; border-radius: .25rem; padding: .05rem .5rem; font-size: .85rem; font-weight: 500; }

.items { width: 100%; min-width: 46rem; font-size: .95rem; }
.items th, .items td { padding: .55rem .9rem; border-top: 1px solid var(--line); }
.items thead th { border: 0; color: var(--soft); font-size: .82rem; }
.items small { display: block; color: var(--soft); font-size: .82rem; overflow-wrap: anywhere; }
.share { display: block; width: 7rem; height: .4rem; border-radius: .2rem; background: var(--skipped-ground); margin-top: .3rem; overflow: hidden; }
.share span { display: block; height: 100%; background: var(--bar); }

.student { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; margin-top: .6rem; }
summary { cursor: pointer; }
.student > summary { display: grid; grid-template-columns: .8rem minmax(0, 1fr) 11rem minmax(0, 22rem); align-items: baseline;
  gap: .1rem .6rem; padding: .7rem 1rem; list-style: none; border-radius: .5rem; }
.student > summary:hover { background: var(--ground); }
.student > summary::-webkit-details-marker { display: none; }
.student > summary::before { content: "▸"; color: var(--soft); }
.student[open] > summary::before { content: "▾"; }
.student h3 { font-size: 1rem; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.evidence { padding: .25rem 1.25rem 1.25rem; border-top: 1px solid var(--line); }
.evidence h4 { font-size: 1rem; margin: 1.5rem 0 .5rem; display: flex; flex-wrap: wrap; gap: .2rem .75rem; align-items: baseline; }
.evidence h5 { font-size: 1rem; margin: 1.1rem 0 .4rem; display: flex; flex-wrap: wrap; gap: .2rem .75rem; align-items: baseline; }
.check { margin: .6rem 0; padding: .1rem 0 .1rem .9rem; border-left: .2rem solid var(--line); }
.check.is-failed { border-color: var(--failed); } .check.is-blocked { border-color: var(--blocked); } .check.is-error { border-color: var(--error); }
.check p { margin: 0 0 .35rem; font-weight: 600; overflow-wrap: anywhere; } .check p small { font-weight: 400; color: var(--soft); }
.check dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; margin: 0; font-size: .95rem; }
.check dt { color: var(--soft); } .check dt.wide, .check dt.wide + dd { grid-column: 1 / -1; }
.check dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.evidence h5 .soft { font-weight: 400; }
.evidence .held { columns: 22rem; }
.evidence ul { padding-left: 1.2rem; margin: .4rem 0; } .evidence li { overflow-wrap: anywhere; white-space: pre-wrap; }
code, pre { font-family: var(--mono); font-size: .875em; overflow-wrap: anywhere; }
.run { margin: .35rem 0; } .run summary { overflow-wrap: anywhere; }
pre { margin: .4rem 0 .8rem; padding: .7rem .9rem; background: var(--ground); border: 1px solid var(--line); border-radius: .35rem;
  overflow: auto; max-height: 26rem; white-space: pre-wrap; }
footer { padding-top: 2.5rem; padding-bottom: 2.5rem; }
@media screen and (max-width: 44rem) {
  .student > summary { grid-template-columns: .8rem minmax(0, 1fr); } .student > summary > span { grid-column: 2; }
  .class .name { max-width: 9rem; padding-left: .7rem; } .check dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .check dd { margin-bottom: .4rem; } .evidence { padding: .25rem .9rem 1rem; }
}
@media print {
  @page { margin: 1.4cm; }
  html { font-size: 11px; } body { background: none; font-size: 1.1rem; } header { padding-top: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; border: 0; } .class .name { position: static; } .items { min-width: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .student > summary::before { content: ""; }
  .check, tr, summary { break-inside: avoid; } h2, h4, summary { break-after: avoid; } pre { max-height: none; }
  a { color: inherit; text-decoration: none; }
}
`;
