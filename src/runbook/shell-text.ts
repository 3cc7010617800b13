/**
 * Stands for the Compose project in a text for a script, until it is known how the script names it. A lesson's command
 * is bound to it, and so the project is found wherever the lesson has it. No command holds this character.
 */
export const PROJECT_MARK = '\u0001';

/** The shell's variable with the name of the Compose project. */
const PROJECT = '$' + '{project}';

/** A word for a shell, in quotes where it needs them. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Puts the variable `project` where the mark stands, whatever quotes are around it. Its value is a name without blanks,
 * so that it needs no quotes of its own.
 */
export function withVariable(command: string): string {
  let quote = '';
  let out = '';
  for (let at = 0; at < command.length; at++) {
    const character = command.charAt(at);
    if (character === PROJECT_MARK) {
      out += quote === "'" ? `'"${PROJECT}"'` : PROJECT;
    } else if (character === '\\' && quote !== "'") {
      out += character + command.charAt(++at);
    } else {
      if (quote === '' && /['"]/.test(character)) quote = character;
      else if (quote === character) quote = '';
      out += character;
    }
  }
  return out;
}

/** A whole command line as one word, with the variable `project` at the marks: for what no quotes can be seen in. */
export function quotedWithVariable(command: string): string {
  return command
    .split(PROJECT_MARK)
    .map((part) => (part === '' ? '' : quoted(part)))
    .join(`"${PROJECT}"`);
}

/** A line that ends a heredoc and stands nowhere in the text. */
export function delimiterFor(text: string): string {
  for (let number = 1; ; number++) {
    const delimiter = number === 1 ? 'END_OF_FILE' : `END_OF_FILE_${number}`;
    if (!text.includes(delimiter)) return delimiter;
  }
}

/**
 * Lines of bash that write a file byte for byte. `rename`: a name of the old folder that becomes `to`, with the
 * mark in it. What is no text is written as octal numbers, and then nothing is renamed.
 */
export function writeLines(
  path: string,
  bytes: Uint8Array,
  rename: { from: string; to: string } | null,
): string[] {
  const target = quoted(path);
  if (bytes.length === 0) return [`: > ${target}`];
  const text = textOf(bytes);
  if (text === null) return octalLines(target, bytes);
  const renames = rename !== null && text.includes(rename.from);
  const reader = renames ? `sed "s/${rename.from}/${withVariable(rename.to)}/g"` : 'cat';
  const end = text.lastIndexOf('\n') + 1;
  const whole = text.slice(0, end);
  const rest = text.slice(end);
  const lines: string[] = [];
  if (whole !== '') {
    const delimiter = delimiterFor(whole);
    lines.push(`${reader} > ${target} <<'${delimiter}'`, ...whole.slice(0, -1).split('\n'), delimiter);
  }
  // A heredoc ends with a line break in any case.
  if (rest !== '') {
    const more = whole === '' ? '>' : '>>';
    const last = renames ? rest.replaceAll(rename.from, rename.to) : rest;
    lines.push(`printf '%s' ${quotedWithVariable(last)} ${more} ${target}`);
  }
  return lines;
}

const OCTETS = 24;

function octalLines(target: string, bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += OCTETS) {
    const octal = [...bytes.subarray(at, at + OCTETS)].map(
      (byte) => `\\${byte.toString(8).padStart(3, '0')}`,
    );
    lines.push(`printf '${octal.join('')}' ${at === 0 ? '>' : '>>'} ${target}`);
  }
  return lines;
}

/** The bytes as text, a byte order mark included; null where they are no UTF-8, or hold what bash can't read. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
