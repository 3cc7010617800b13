import type xterm from '@xterm/headless';

type Terminal = InstanceType<typeof xterm.Terminal>;

const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;
const BACKGROUND = '#1c2128';
const TEXT = '#d5dbe3';
/** The sixteen colours of a terminal, in a muted set that reads well on the dark ground. */
const PALETTE = [
  '#545d68',
  '#f47067',
  '#6bc46d',
  '#daaa3f',
  '#6cb6ff',
  '#dcbdfb',
  '#56d4dd',
  '#adbac7',
  '#768390',
  '#ff938a',
  '#8ddb8c',
  '#eac55f',
  '#96d0ff',
  '#eedcff',
  '#76e3ea',
  '#ffffff',
];

/** What the terminal shows now, as an SVG picture with real text in it, so that it can be read aloud and searched. */
export function toSvg(terminal: Terminal, title: string): string {
  const { rows, cols } = terminal;
  const width = Math.ceil(cols * CELL.width + 2 * MARGIN);
  const height = Math.ceil(rows * CELL.height + 2 * MARGIN);
  const lines = Array.from({ length: rows }, (_, row) => line(terminal, row)).filter((text) => text !== '');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${TEXT}" xml:space="preserve">
${lines.join('\n')}
</g>
</svg>
`;
}

/** A row as one text element, a tspan for each run of cells that look the same. */
function line(terminal: Terminal, row: number): string {
  const buffer = terminal.buffer.active;
  const cells = buffer.getLine(buffer.baseY + row);
  const runs: { style: string; text: string; at: number }[] = [];
  for (let column = 0; column < terminal.cols; column++) {
    const cell = cells?.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const colour = cell.isFgPalette() ? PALETTE[cell.getFgColor()] : undefined;
    const style = [
      ...(colour ? [`fill="${colour}"`] : []),
      ...(cell.isBold() ? ['font-weight="bold"'] : []),
      ...(cell.isDim() ? ['opacity="0.6"'] : []),
      ...(cell.isItalic() ? ['font-style="italic"'] : []),
    ].join(' ');
    const text = cell.getChars() || ' ';
    const last = runs.at(-1);
    if (last?.style === style) last.text += text;
    else runs.push({ style, text, at: column });
  }
  const shown = runs.filter(({ text }) => text.trim() !== '');
  if (shown.length === 0) return '';
  const y = MARGIN + (row + 0.75) * CELL.height;
  // textLength keeps the columns in line whatever font the reader has.
  const spans = shown.map(({ style, text, at }) => {
    const body = text.trimEnd();
    const length = (body.length * CELL.width).toFixed(1);
    const x = (MARGIN + at * CELL.width).toFixed(1);
    return `<tspan x="${x}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${style ? ` ${style}` : ''}>${escapeXml(body)}</tspan>`;
  });
  return `<text y="${y.toFixed(1)}">${spans.join('')}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
