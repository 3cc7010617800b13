/** Below this many characters a part of a command is a word anybody may use. */
const TELLING = 12;

/**
 * Whether a hint holds the command itself, a whole line of it, or a whole statement quoted in it. The last level
 * of every hint ladder is the command, so a hint that shows it takes the learner's last step away.
 */
export function givesAway(hint: string, command: string): boolean {
  const text = ` ${normal(hint)} `;
  const whole = normal(command);
  if (whole !== '' && text.includes(` ${whole} `)) return true;
  return parts(command)
    .map(normal)
    .some((part) => part.length >= TELLING && part.includes(' ') && text.includes(part));
}

function parts(command: string): string[] {
  const lines = command.replace(/\\\n/g, ' ').split('\n');
  const quoted = [...command.matchAll(/"([^"]+)"|'([^']+)'/g)].map((match) => match[1] ?? match[2] ?? '');
  return [...lines, ...quoted];
}

/** Quotes, case, line joins, blanks and the last punctuation are no difference to a reader. */
function normal(text: string): string {
  return text
    .replace(/\\\n/g, ' ')
    .replace(/[`"'“”‘’]/g, '')
    .replace(/[.,;:!?](?=\s|$)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
