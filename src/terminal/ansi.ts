/**
 * Escape sequences, longest first: OSC (title, link), DCS/SOS/PM/APC strings, CSI, two-byte escapes; with the
 * 8-bit forms of CSI and OSC. An unfinished one runs to the end of the text.
 */
const SEQUENCE =
  /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x9d[^\x07\x9c]*(?:\x07|\x9c|$)|\x1b[PX^_][^\x1b]*(?:\x1b\\|$)|(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|$)|\x1b[ -/]*(?:[0-~]|$)/g;

/** Select Graphic Rendition: the only sequences that change how text looks and nothing else. */
const SGR = /^\x1b\[[0-9;:]*m$/;

/** Control characters but newline and tab, and marks that reorder text (a table would read wrong). */
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

const RESET = '\x1b[0m';

/**
 * Text of a command made fit to draw: colours stay, everything else that steers a terminal goes. A line that
 * was drawn over with carriage returns (a progress bar) becomes its last state. Tabs become spaces, because they
 * have no width of their own. Every line with colours ends with a reset, so that none leaks into ours.
 */
export function keepColours(text: string): string {
  return clean(text, true);
}

/** Text with nothing left in it that steers a terminal, colours included. */
export function harmless(text: string): string {
  return clean(text, false);
}

function clean(text: string, colours: boolean): string {
  if (!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u2069]/.test(text)) return text;
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => cleanLine(line, colours))
    .join('\n');
}

function cleanLine(line: string, colours: boolean): string {
  const last = lastState(line);
  // A private character holds the place of each colour while the controls around it are taken out.
  const kept: string[] = [];
  const held = last.replaceAll('\ue000', '').replace(SEQUENCE, (sequence) => {
    if (!colours || !SGR.test(sequence)) return '';
    kept.push(sequence);
    return '\ue000';
  });
  const bare = expandTabs(held.replace(CONTROLS, ''));
  let at = 0;
  const coloured = bare.replaceAll('\ue000', () => kept[at++] ?? '');
  return kept.length > 0 && !coloured.endsWith(RESET) ? coloured + RESET : coloured;
}

/** What is left to see of a line after its carriage returns: the last part that says anything. */
function lastState(line: string): string {
  if (!line.includes('\r')) return line;
  const parts = line.split('\r').filter((part) => part.replace(SEQUENCE, '').trim() !== '');
  return parts.at(-1) ?? '';
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let out = '';
  let column = 0;
  for (const character of line) {
    if (character === '\t') {
      const spaces = 8 - (column % 8);
      out += ' '.repeat(spaces);
      column += spaces;
    } else {
      out += character;
      if (character !== '\ue000') column += 1;
    }
  }
  return out;
}
